namespace Steward.Identity;

/// <summary>The caller: who they are and what they may do where.</summary>
/// <param name="Id">Stable id; <c>nobody</c>, <c>open</c> and <c>steward</c> are built in.</param>
/// <param name="Name">The name people know.</param>
/// <param name="Roles">Project name to role; the project <c>*</c> stands for every project.</param>
public sealed record Who(string Id, string Name, IReadOnlyDictionary<string, IReadOnlySet<Role>> Roles)
{
    private static readonly IReadOnlyDictionary<string, IReadOnlySet<Role>> None = new Dictionary<string, IReadOnlySet<Role>>();

    /// <summary>A caller without credentials.</summary>
    public static Who Nobody { get; } = new("nobody", "nobody", None);

    /// <summary>The built-in editor of <c>--open</c>: edits every project, may never approve or administer.</summary>
    public static Who Open { get; } = new("open", "open", Everywhere(Role.Editor));

    /// <summary>The platform itself, acting by a policy of the project file. It never signs.</summary>
    public static Who Steward { get; } = new("steward", "steward", Everywhere(Role.Editor));

    public bool IsSignedIn => Id != Nobody.Id;

    public bool IsPerson => Id != Nobody.Id && Id != Open.Id && Id != Steward.Id;

    public bool May(Permission permission, string? project = null) => permission switch
    {
        Permission.Anyone => true,
        Permission.SignedIn => IsSignedIn,
        Permission.AdministerServer => Has("*", Permission.Administer),
        _ => Has("*", permission) || (project is not null && Has(project, permission)),
    };

    /// <summary>Refuses as <c>denied</c>, or as not found when the caller may not even know that the project exists.</summary>
    public void Demand(Permission permission, string project)
    {
        if (May(permission, project))
            return;
        if (!May(Permission.Read, project))
            throw ProblemException.NotFound("project", project, "steward status shows what you can see.");
        throw ProblemException.Denied($"{Name} may not {permission.ToString().ToLowerInvariant()} in project '{project}'.", "Ask an admin of the project for the role.");
    }

    private static Dictionary<string, IReadOnlySet<Role>> Everywhere(Role role) => new() { ["*"] = new HashSet<Role> { role } };

    private bool Has(string project, Permission permission) => Roles.TryGetValue(project, out var roles) && roles.Any(role => role.May(permission));
}
