using System.Data.Common;
using System.Reflection;
using Dapper;
using EvolveDb;
using EvolveDb.Configuration;

namespace Steward.Storage;

/// <summary>
/// Numbered plain SQL files of the rooms, <c>V{room}_{n}__what.sql</c>; each room has a number of its own, so that one
/// run under one lock brings the whole store up to date. <c>${blob}</c> is the engine's word for bytes.
/// </summary>
internal static class Migrations
{
    private const string Applied = "steward_migration";

    public static async Task Apply(DbConnection connection, IReadOnlyList<Assembly> rooms, Dialect dialect, CancellationToken stop)
    {
        await using (connection)
        {
            var known = rooms.SelectMany(Versions).ToHashSet(StringComparer.Ordinal);
            await RefuseNewer(connection, known, dialect, stop);
            var evolve = new Evolve(connection, _ => { })
            {
                EmbeddedResourceAssemblies = rooms,
                EmbeddedResourceFilters = [.. rooms.Select(room => room.GetName().Name + ".Migrations.")],
                MetadataTableName = Applied,
                IsEraseDisabled = true,
                OutOfOrder = true,
                EnableClusterMode = true,
                TransactionMode = TransactionKind.CommitEach,
                Placeholders = new Dictionary<string, string> { ["${blob}"] = dialect.Blob },
            };
            try
            {
                evolve.Migrate();
            }
            catch (EvolveValidationException other)
            {
                // The same change with another text: two builds that went different ways.
                throw new ProblemException(ProblemKind.Conflict, "data_of_other_build", $"This data was written by another build of Steward, and its records differ ({other.Message}); nothing was touched.", "Start it with that build, or choose another folder with --data.");
            }
        }
    }

    private static async Task RefuseNewer(DbConnection connection, HashSet<string> known, Dialect dialect, CancellationToken stop)
    {
        if (connection.State != System.Data.ConnectionState.Open)
            await connection.OpenAsync(stop);
        var tables = dialect == Dialect.Sqlite
            ? "SELECT count(*) FROM sqlite_master WHERE name = @Applied"
            : "SELECT count(*) FROM information_schema.tables WHERE table_name = @Applied";
        if (await connection.ExecuteScalarAsync<long>(tables, new { Applied }) == 0)
            return;
        var seen = await connection.QueryAsync<string>($"SELECT version FROM {Applied} WHERE version IS NOT NULL AND version <> '0' AND type = 0");
        var unknown = seen.Where(version => !known.Contains(version)).ToList();
        if (unknown.Count > 0)
            throw new ProblemException(ProblemKind.Conflict, "data_newer", $"This data was written by a newer Steward (it has the changes {string.Join(", ", unknown)}, unknown to this one); nothing was touched.", "Start it with that version, or choose another folder with --data.");
    }

    private static IEnumerable<string> Versions(Assembly room) => room.GetManifestResourceNames()
        .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
        .Select(name => name[(name.IndexOf(".Migrations.V", StringComparison.Ordinal) + ".Migrations.V".Length)..name.IndexOf("__", StringComparison.Ordinal)].Replace('_', '.'));
}
