namespace Steward.Identity;

public enum Role { Reader, Editor, Approver, Admin }

public static class Roles
{
    /// <summary>Who may what. An admin may not approve: whoever sets the rules does not also cast the votes.</summary>
    public static bool May(this Role role, Permission permission) => permission switch
    {
        Permission.Anyone or Permission.SignedIn or Permission.Read => true,
        Permission.Edit => role is Role.Editor or Role.Admin,
        Permission.Approve => role is Role.Approver,
        Permission.Administer => role is Role.Admin,
        _ => false,
    };
}
