"""A platform's own words inside `error_metadata.platform`: shapes and codes are ours, after each platform's."""

from sandbox.exact import Json

_QUICKBOOKS = {
    "duplicate_document_number": "6140",
    "duplicate_name": "6240",
    "unknown_reference": "2500",
    "inactive_reference": "610",
    "closed_period": "6210",
}


def raw_refusal(platform: str, reason: str, message: str) -> Json:
    """What the platform would have answered; `reason` is the sandbox's stable word."""
    match platform:
        case "QUICKBOOKS":
            code = _QUICKBOOKS.get(reason, "6000")
            return {"Fault": {"type": "ValidationFault", "Error": [{"Message": message, "code": code}]}}
        case "QUICKBOOKS_DESKTOP":
            return {"statusCode": "3180", "statusSeverity": "Error", "statusMessage": message}
        case "XERO":
            elements = [{"ValidationErrors": [{"Message": message}]}]
            return {"ErrorNumber": 10, "Type": "ValidationException", "Elements": elements}
        case "NETSUITE":
            return {"type": "error.SuiteScriptError", "name": reason.upper(), "message": message}
        case "SAGE_INTACCT" | "SAGE_INTACCT_V2":
            return {"errorno": "BL34000061", "description2": message, "correction": ""}
        case "DYNAMICS365":
            return {"error": {"code": "Application_DialogException", "message": message}}
        case "ZOHOBOOKS":
            return {"code": 1002, "message": message}
        case "FRESHBOOKS":
            return {"response": {"errors": [{"errno": 1012, "message": message}]}}
        case _:
            return {"message": message, "reason": reason}
