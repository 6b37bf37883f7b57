namespace Ledger.Api.Employees;

/// <summary>What answers look like, for the description of the API.</summary>
internal static class EmployeeExamples
{
    public const string Employee = """
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742, "asOf": null,
        "employee": "p-17", "version": 3, "details": {"name": "Ana Petrova", "email": null, "birthDate": "1990-03-31",
        "nationalNumber": null, "address": null, "language": "bg", "erased": false, "version": 1},
        "contracts": [{"contract": "c1", "payGroup": "shop-sofia", "from": "2026-01-01", "to": null,
        "type": "permanent", "position": "Shop assistant", "weeklyHours": "40", "fullTimeHours": null, "place": null,
        "dimensions": {"department": "sales"}, "version": 2}],
        "pay": [{"element": "salary", "effectiveFrom": "2026-01-01", "amount": "1500.00", "per": "month", "to": null,
        "version": 3}], "statutory": [], "bankAccounts": [], "absences": [], "deductions": [], "openingFigures": [],
        "termination": null, "leaveEntitlements": []}
        """;

    public const string History = """
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742, "employee": "p-17",
        "parameters": {}, "rows": [{"sequence": 1740, "recorded": "2026-04-02T08:15:00.123456Z",
        "actor": "key:k3yprefx", "version": 1, "type": "employee_registered", "data": {"details": {"name":
        {"person": "p-17", "purpose": "payroll", "value": "Ana Petrova"}}}}], "next": null}
        """;
}
