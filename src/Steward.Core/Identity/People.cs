using Steward.Storage;

namespace Steward.Identity;

internal sealed class People(Db db) : IPeople
{
    public async Task<Person?> Find(string user, CancellationToken stop = default) => (await Read("WHERE p.id = @user", new { user }, stop)).FirstOrDefault();

    public Task<List<Person>> All(CancellationToken stop = default) => Read("", null, stop);

    public async Task<List<Person>> With(Role role, string project, CancellationToken stop = default)
        => [.. (await Read("WHERE p.disabled = 0", null, stop)).Where(person => Holds(person, "*", role) || Holds(person, project, role))];

    public Task<List<PersonKey>> Keys(string user, CancellationToken stop = default)
        => db.All<PersonKey>("SELECT hint, person, name, pem, created_at, revoked_at FROM person_key WHERE person = @user ORDER BY created_at", new { user }, stop);

    public Task<PersonKey?> KeyOf(string hint, CancellationToken stop = default)
        => db.One<PersonKey>("SELECT hint, person, name, pem, created_at, revoked_at FROM person_key WHERE hint = @hint", new { hint }, stop);

    private async Task<List<Person>> Read(string where, object? values, CancellationToken stop)
    {
        var rows = await db.All<Row>($"""
            SELECT p.id, p.name, p.disabled, p.created_at, r.project, r.role
              FROM person p
              LEFT JOIN person_role r ON r.person = p.id
             {where}
             ORDER BY p.id, r.project, r.role
            """, values, stop);
        return [.. rows.GroupBy(row => row.Id).Select(group =>
        {
            var first = group.First();
            return new Person(first.Id, first.Name, first.Disabled, first.CreatedAt, Scope.Roles(group.Select(row => (row.Project, row.Role))));
        })];
    }

    private static bool Holds(Person person, string project, Role role) => person.Roles.TryGetValue(project, out var roles) && roles.Contains(role);

    private sealed record Row(string Id, string Name, bool Disabled, DateTimeOffset CreatedAt, string? Project, string? Role);
}
