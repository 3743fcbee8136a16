"""What `ledgerhook doctor` looks at, a file an organ. Nothing is changed but our copy of the merchant's lists."""
