using Steward.Data;
using Steward.Data.Tables;
using Steward.Tracking;

namespace Steward.Training;

/// <summary>The content of data sets and tables that runs learned from.</summary>
internal sealed class DataDigests(IDataSets dataSets, ITables tables) : IDataDigests
{
    public async Task<Digest?> Of(string project, string reference, CancellationToken stop)
    {
        if (reference.Split('@') is not [var name, var number] || !int.TryParse(number, System.Globalization.NumberStyles.None, null, out var version))
            return null;
        if (!name.Contains('.', StringComparison.Ordinal))
            return (await dataSets.Find(project, name, version, stop))?.Manifest;
        return TableName.TryParse(name) is { } table && await tables.Find(project, new(table, version), stop) is { } snapshot ? await tables.DigestOf(snapshot, stop) : null;
    }
}
