using Steward.Data.Connections;

namespace Steward.Data.Copying;

/// <summary>
/// Reads a file to its end, evenly and pinned to the version that was looked at. When the source is cut off it is opened
/// again where reading stopped; only a source that gives nothing several times in a row is given up.
/// </summary>
internal sealed class SourceReader(IFileStore store, StoredFile file, long from, Throttle throttle, CopyPatience patience, TimeProvider clock) : IAsyncDisposable
{
    private FileReading? _open;
    private int _cuts;

    /// <summary>Bytes of the file before the next one that is read.</summary>
    public long Position { get; private set; } = from;

    /// <summary>As the store described it when it was opened.</summary>
    public StoredFile File => _open?.File ?? file;

    /// <summary>Fills the buffer; fewer bytes only at the end.</summary>
    public async Task<int> Fill(Memory<byte> buffer, CancellationToken stop)
    {
        var filled = 0;
        while (filled < buffer.Length && await Some(buffer[filled..], stop) is var read and > 0)
            filled += read;
        return filled;
    }

    public async ValueTask DisposeAsync()
    {
        if (_open is { } open)
            await open.DisposeAsync();
    }

    private async Task<int> Some(Memory<byte> buffer, CancellationToken stop)
    {
        if (_open is null && Position > 0 && Position == file.Length) // there is no range of nothing
            return 0;
        while (true)
        {
            try
            {
                _open ??= await store.Open(file, Position, null, stop);
                var read = await _open.Bytes.ReadAsync(buffer[..Math.Min(buffer.Length, throttle.Turn)], stop);
                if (read == 0 && file.Length is { } length && Position < length)
                    throw new EndOfStreamException($"The source ended after {Position} of {length} bytes.");
                await throttle.Take(read, stop);
                if (read > 0)
                    _cuts = 0;
                Position += read;
                return read;
            }
            catch (Exception cut) when (Trouble.MayPass(cut) && !stop.IsCancellationRequested)
            {
                if (_open is { } open)
                    await open.DisposeAsync();
                _open = null;
                if (++_cuts == patience.Tries)
                    throw Given(cut);
                await Task.Delay(patience.After(_cuts), clock, stop);
            }
        }
    }

    private ProblemException Given(Exception cut) => cut switch
    {
        EndOfStreamException => new(ProblemKind.Unavailable, "source_short", $"'{Names.Shorten(file.Name)}' was announced with {file.Length:N0} bytes, and {Position:N0} came; nothing of it is shown at the target.", "Look at the server that gives it."),
        ProblemException problem => problem,
        _ => new(ProblemKind.Unavailable, "source_cut", $"The source was cut off after {Position:N0} bytes of '{Names.Shorten(file.Name)}', {patience.Tries} times in a row; nothing half is shown at the target.", "Copy again: what has arrived is not sent a second time."),
    };
}

/// <summary>How often a store that is cut off is tried again before a copy gives up, and how long it waits between, doubled each time.</summary>
public sealed record CopyPatience
{
    public int Tries { get; init; } = 5;

    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(500);

    internal TimeSpan After(int tries) => First * Math.Pow(2, tries - 1);
}
