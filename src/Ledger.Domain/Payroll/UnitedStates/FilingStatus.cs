namespace Ledger.Domain.Payroll.UnitedStates;

/// <summary>As whom somebody files a federal tax return.</summary>
public enum FilingStatus
{
    /// <summary>Also who is married and asked to be withheld at the higher rate of singles, before 2020.</summary>
    Single,
    MarriedJointly,
    MarriedSeparately,
    HeadOfHousehold,
    QualifyingSurvivingSpouse,
}

/// <summary>The tables of withholding: there are three.</summary>
internal enum WithholdingTable
{
    Single,
    MarriedJointly,
    HeadOfHousehold,
}

internal static class FilingStatuses
{
    public static WithholdingTable Withholding(this FilingStatus status) => status switch
    {
        FilingStatus.MarriedJointly or FilingStatus.QualifyingSurvivingSpouse => WithholdingTable.MarriedJointly,
        FilingStatus.HeadOfHousehold => WithholdingTable.HeadOfHousehold,
        _ => WithholdingTable.Single,
    };
}
