using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Steward.Packaging.Images;

/// <summary>Which libraries programs and libraries of this machine need, read from their own headers (ELF, 64 bits, little-endian).</summary>
internal static class ElfLibraries
{
    private const int ProgramHeader = 56, LoadSegment = 1, DynamicSegment = 2, InterpreterSegment = 3;
    private const long Needed = 1, StringTable = 5;

    public static string Triplet { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";

    private static readonly string[] Folders = [$"/lib/{Triplet}", $"/usr/lib/{Triplet}", "/lib64", "/usr/lib64", "/lib", "/usr/lib"];

    /// <summary>Every library that is needed, directly or by another, with where it lies here; the loader under its whole path.</summary>
    /// <param name="named">Needed although no file says so; left out where the system has none.</param>
    public static SortedDictionary<string, string> Closure(IEnumerable<string> files, IEnumerable<string> named)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(files);
        var own = waiting.Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        foreach (var name in named)
            if (Where(name) is { } at && found.TryAdd(name, at))
                waiting.Enqueue(at);
        while (waiting.TryDequeue(out var file))
        {
            var (needs, loader) = Read(file);
            if (loader is not null && File.Exists(loader))
                found.TryAdd(loader, loader);
            foreach (var name in needs)
                if (!own.Contains(name) && !found.ContainsKey(name) && Where(name) is { } at)
                {
                    // The loader is needed by name as well as by path, and lies where its path says.
                    if (!name.StartsWith("ld-linux", StringComparison.Ordinal))
                        found[name] = at;
                    waiting.Enqueue(at);
                }
        }

        return found;
    }

    private static string? Where(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static (List<string> Needs, string? Loader) Read(string file)
    {
        var bytes = File.ReadAllBytes(file).AsSpan();
        if (bytes.Length < 64 || !bytes[..4].SequenceEqual("\u007fELF"u8) || bytes[4] != 2 || bytes[5] != 1)
            return ([], null);
        var (at, count) = ((int)BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[56..]));
        var segments = new List<(int Kind, long Offset, long Address, long Size)>();
        for (var i = 0; i < count; i++)
        {
            var header = bytes[(at + (i * ProgramHeader))..];
            segments.Add((BinaryPrimitives.ReadInt32LittleEndian(header), BinaryPrimitives.ReadInt64LittleEndian(header[8..]), BinaryPrimitives.ReadInt64LittleEndian(header[16..]), BinaryPrimitives.ReadInt64LittleEndian(header[32..])));
        }

        var loader = segments.Where(segment => segment.Kind == InterpreterSegment).Select(segment => (int)segment.Offset).ToArray() is [var start] ? Text(bytes, start) : null;
        var needs = new List<long>();
        long table = 0;
        foreach (var dynamic in segments.Where(segment => segment.Kind == DynamicSegment))
            for (var entry = dynamic.Offset; entry + 16 <= dynamic.Offset + dynamic.Size; entry += 16)
            {
                var (tag, value) = (BinaryPrimitives.ReadInt64LittleEndian(bytes[(int)entry..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[(int)(entry + 8)..]));
                if (tag == Needed)
                    needs.Add(value);
                else if (tag == StringTable)
                    table = value;
            }

        var home = segments.FirstOrDefault(segment => segment.Kind == LoadSegment && table >= segment.Address && table < segment.Address + segment.Size);
        var names = new List<string>();
        foreach (var need in needs)
            names.Add(Text(bytes, (int)(table - home.Address + home.Offset + need)));
        return (names, loader);
    }

    private static string Text(Span<byte> bytes, int at) => Encoding.UTF8.GetString(bytes.Slice(at, bytes[at..].IndexOf((byte)0)));
}
