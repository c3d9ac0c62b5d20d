namespace Steward.Identity;

/// <summary>What somebody is in a project. An agent is a program that takes work and may do nothing else, not even read.</summary>
public enum Role { Reader, Editor, Approver, Admin, Agent }

public static class Roles
{
    /// <summary>Who may what. An admin may not approve: whoever sets the rules does not also cast the votes.</summary>
    public static bool May(this Role role, Permission permission) => permission switch
    {
        Permission.Anyone or Permission.SignedIn => true,
        Permission.Read => role is not Role.Agent,
        Permission.Work => role is Role.Agent,
        Permission.Edit => role is Role.Editor or Role.Admin,
        Permission.Approve => role is Role.Approver,
        Permission.Administer => role is Role.Admin,
        _ => false,
    };
}
