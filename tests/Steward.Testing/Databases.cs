using Steward.Host;
using Steward.Storage;

namespace Steward.Testing;

/// <summary>Fresh, migrated stores on both engines. Each test class gets its own and drops it.</summary>
public static class Databases
{
    public static Db Sqlite() => Ready("sqlite:" + Path.Combine(TestFolder.New(), "steward.db"));

    public static Db Postgres() => Ready(TestPostgres.NewDatabase());

    private static Db Ready(string address)
    {
        var db = Db.Connect(address);
        db.Migrate(Platform.Assemblies).GetAwaiter().GetResult();
        return db;
    }
}
