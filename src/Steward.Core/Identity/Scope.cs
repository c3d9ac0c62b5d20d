namespace Steward.Identity;

/// <summary>Roles by project, and what is left of them for a token that was made for less.</summary>
internal static class Scope
{
    public static Dictionary<string, IReadOnlySet<Role>> Roles(IEnumerable<(string? Project, string? Role)> rows) => rows
        .Where(row => row is { Project: not null, Role: not null })
        .GroupBy(row => row.Project!, row => Enum.Parse<Role>(row.Role!, ignoreCase: true))
        .ToDictionary(group => group.Key, group => (IReadOnlySet<Role>)group.ToHashSet());

    /// <summary>Never more than the owner has: a role counts where the owner holds it or one that can do all of it.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<Role>> Narrow(IReadOnlyDictionary<string, IReadOnlySet<Role>> owner, string? project, Role? role)
    {
        if (project is null && role is null)
            return owner;
        var left = project is null
            ? owner
            : new Dictionary<string, IReadOnlySet<Role>> { [project] = Held(owner, project) };
        return role is null
            ? left
            : left.Where(entry => entry.Value.Any(held => Covers(held, role.Value)))
                .ToDictionary(entry => entry.Key, _ => (IReadOnlySet<Role>)new HashSet<Role> { role.Value });
    }

    private static HashSet<Role> Held(IReadOnlyDictionary<string, IReadOnlySet<Role>> owner, string project)
        => [.. owner.Where(entry => entry.Key == "*" || entry.Key == project).SelectMany(entry => entry.Value)];

    private static bool Covers(Role held, Role wanted) => Enum.GetValues<Permission>().All(permission => held.May(permission) || !wanted.May(permission));
}
