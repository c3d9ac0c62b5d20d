using System.Globalization;
using System.Text;
using Steward.Work;

namespace Steward.Engines.Kubernetes;

/// <summary>A container's log as the API streams it, each line after the time at which it was written. Kubernetes does not tell output from errors.</summary>
internal static class PodLog
{
    private const int LongestLine = 4_000;

    /// <summary>Lines later than <paramref name="after"/>, which is text of the API: to the nanosecond, so that a stream that was cut goes on where it stopped.</summary>
    public static async IAsyncEnumerable<(string At, LogLine Line)> Read(Stream from, string after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        using var reader = new StreamReader(from, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        var (some, line, at) = (new char[8192], new StringBuilder(), "");
        while (true)
        {
            int read;
            try
            {
                read = await reader.ReadAsync(some, stop);
            }
            catch (Exception cut) when (cut is IOException or HttpRequestException)
            {
                yield break; // the caller asks again, after what it has
            }

            if (read == 0)
                break;
            for (var i = 0; i < read; i++)
            {
                var c = some[i];
                if (at.Length == 0 && c == ' ')
                {
                    at = line.ToString();
                    line.Clear();
                }
                else if (c == '\n' || line.Length == LongestLine)
                {
                    if (string.CompareOrdinal(at, after) > 0)
                        yield return (at, Line());
                    line.Clear();
                    if (c == '\n')
                        at = "";
                    else
                        line.Append(c);
                }
                else
                    line.Append(c);
            }
        }

        if (at.Length > 0 && line.Length > 0 && string.CompareOrdinal(at, after) > 0)
            yield return (at, Line());

        LogLine Line() => new(DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default, false, line.ToString().TrimEnd('\r'));
    }
}
