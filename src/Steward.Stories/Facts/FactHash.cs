using System.Globalization;
using System.Text.Json;

namespace Steward.Stories;

/// <summary>Digests of what is on record, by one canonical text, so that equal facts give equal digests on every machine.</summary>
internal static class FactHash
{
    internal static Digest Of(Fact fact) => Of([fact.Id, Plain(fact.Value), fact.Unit.ToString(), fact.Conditions, Plain(fact.N), Plain(fact.At.ToUnixTimeMilliseconds()), .. Words(fact.Source)]);

    internal static Digest Of(FactSeries series) => Of([series.Id, series.Unit.ToString(), series.Conditions, .. Words(series.Source), .. series.X.Select(Plain), "|", .. series.Y.Select(Plain), "|", .. series.Names]);

    internal static Digest Of(IEnumerable<string> words) => Digest.FromHash(System.Security.Cryptography.SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(words.ToArray())));

    private static IEnumerable<string> Words(Source source) => [source.Kind, source.Entity];

    private static string Plain(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
