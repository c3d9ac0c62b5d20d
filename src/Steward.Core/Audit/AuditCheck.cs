using System.Globalization;

namespace Steward.Audit;

/// <summary>What a look through the whole chain found.</summary>
/// <param name="Whole">Nothing was changed, deleted, reordered or cut off.</param>
/// <param name="Entries">How many entries were looked at.</param>
/// <param name="BrokenAt">Number of the first entry that is not as it was written.</param>
/// <param name="Why">The finding in one sentence.</param>
public sealed record AuditCheck(bool Whole, long Entries, long? BrokenAt, string Why);

/// <summary>Recomputes every hash from the first entry on and compares the end with the last signed head.</summary>
internal sealed class AuditVerifier(AuditLog log, AuditSeal seal)
{
    public async Task<AuditCheck> Check(CancellationToken stop)
    {
        var signed = seal.Last();
        var head = await log.Head(stop);
        var (number, hash) = (0L, new string('0', 64));
        for (var page = await log.After(long.MinValue, stop); page.Count > 0; page = await log.After(number, stop))
        {
            foreach (var entry in page)
            {
                if (Broken(entry, number, hash) is { } why)
                    return new(false, number, number + 1, why);
                (number, hash) = (entry.Number, entry.Hash);
                if (number == head.Number && hash != head.Hash)
                    return new(false, number, number, Say($"Entry {number} is not the one that the end of the chain names."));
                if (number == signed?.Number && hash != signed.Hash)
                    return new(false, number, number, Say($"Entry {number} is not the one that was signed at {signed.At:yyyy-MM-dd HH:mm}: the past was written anew."));
            }
        }

        return await End(number, signed, stop);
    }

    private async Task<AuditCheck> End(long number, SignedHead? signed, CancellationToken stop)
    {
        if (signed?.Number > number)
            return Cut(number, Say($"the head signed at {signed.At:yyyy-MM-dd HH:mm} counts {signed.Number}"));
        var extent = await log.Extent(stop);
        if (extent.Head != extent.Last)
            return Cut(extent.Last, Say($"the end of the chain counts {extent.Head}"));
        if (extent.Entries != extent.Last)
            return Cut(extent.Entries, Say($"their numbers go up to {extent.Last}"));
        return new(true, number, null, signed is null
            ? Say($"All {number} entries are there and unchanged; no head has been signed yet.")
            : Say($"All {number} entries are there and unchanged; the head at entry {signed.Number} was signed at {signed.At:yyyy-MM-dd HH:mm} UTC."));
    }

    private static AuditCheck Cut(long entries, string but) => new(false, entries, entries + 1, Say($"There are {entries} entries, but {but}: entries are missing or were added by hand."));

    private static string? Broken(AuditEntry entry, long before, string hash)
    {
        if (entry.Number != before + 1)
            return Say($"Entry {before + 1} is missing.");
        if (entry.HashOf() != entry.Hash)
            return Say($"Entry {entry.Number} was changed after it was written.");
        return entry.Previous != hash ? Say($"Entry {entry.Number} does not follow from entry {before}.") : null;
    }

    private static string Say(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
