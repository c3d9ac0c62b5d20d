using System.Security.Cryptography;
using Steward.Data.Engine;
using Steward.Data.Tables;
using Steward.Storage;
using Steward.Work;

namespace Steward.Data.Files;

internal sealed class Files(Tables.Tables tables, TableEngine engine, IChildHosts hosts) : IFiles
{
    private static readonly IReadOnlyList<TableColumn> QuarantineColumns = [new("file", "VARCHAR"), new("line", "BIGINT"), new("column_name", "VARCHAR"), new("reason", "VARCHAR"), new("raw", "VARCHAR")];

    public async Task<FileSchema> Look(string path, string name, FileFormat? format, CancellationToken stop)
    {
        using var folder = hosts.Folder("files");
        if ((format ?? FormatOf(name)) is FileFormat.Parquet)
            return await engine.LookAtParquet(path, name, stop);
        return await Task.Run(() =>
        {
            var encoding = Spool.EncodingOf(path);
            var utf8 = Spool.Utf8(path, encoding, folder.Path, stop);
            return (format ?? FormatOf(name)) is FileFormat.JsonLines ? Looking.JsonLines(utf8, name, encoding, stop) : Looking.Csv(utf8, name, encoding, stop);
        }, stop);
    }

    public async Task<FileRead> Read(string project, TableName table, IReadOnlyList<SourceFile> files, FileSchema schema, ReadOrder order, CancellationToken stop)
    {
        schema = await Fitting(files, FileSchemaText.Checked(schema), stop);
        using var folder = hosts.Folder("files");
        try
        {
            return await Read(project, table, files, schema, order, folder.Path, stop);
        }
        catch (IOException error) when (FullDisk.Is(error))
        {
            throw FullDisk.Problem();
        }
    }

    private async Task<FileRead> Read(string project, TableName table, IReadOnlyList<SourceFile> files, FileSchema schema, ReadOrder order, string folder, CancellationToken stop)
    {
        using var bad = new BadRows(folder);
        var checkedFiles = new List<CheckedFile>();
        foreach (var (file, i) in files.Select((file, i) => (file, i)))
            checkedFiles.Add(schema.Format is FileFormat.Parquet
                ? await engine.CheckParquet(file, schema, bad, folder, stop)
                : await Task.Run(() => TextFiles.Check(file, schema, bad, folder, share => order.Report?.Invoke((i + share) / files.Count / 2, $"checks {file.Name}"), stop), stop));
        bad.Close();
        RefuseTooManyBad(files, schema, checkedFiles, bad);
        var (staged, read) = (new List<StagedFile>(), new List<ReadFile>());
        foreach (var (one, i) in checkedFiles.Select((one, i) => (one, i)))
        {
            order.Report?.Invoke(0.5 + ((double)i / files.Count / 2), $"writes {one.File.Name}");
            var made = one.Parquet ?? await Task.Run(() => TextFiles.Convert(one, schema, order, folder, stop), stop);
            one.Reconcile(made.Sum(file => file.Found.Rows));
            foreach (var (path, found) in made)
                staged.Add(await tables.Keep(path, found, [new(0, found.Rows, order.Window)], stop));
            read.Add(new(one.File.Name, one.Digest, one.Bytes, one.Read, made.Sum(file => file.Found.Rows), one.Bad));
        }

        return new(schema, read.Sum(one => one.Read), read.Sum(one => one.Written), read.Sum(one => one.Quarantined), read, bad.FirstOnes,
            await Change(project, table, staged, schema, order, stop), await Quarantine(project, table.Quarantine, bad, order, folder, stop));
    }

    private async Task<TableChange> Change(string project, TableName table, IReadOnlyList<StagedFile> staged, FileSchema schema, ReadOrder order, CancellationToken stop) => new(project, table, order.Kind, await From(project, table, order, stop), staged)
    {
        Window = order.Kind is ChangeKind.ReplaceWindow ? order.Window : null,
        OnSchemaChange = schema.OnChange,
        FileSchema = FileSchemaText.Write(schema),
    };

    /// <summary>Bad rows follow the good ones: a window that is read again has only its newest ones.</summary>
    private async Task<TableChange?> Quarantine(string project, TableName table, BadRows bad, ReadOrder order, string folder, CancellationToken stop)
    {
        var isThere = await tables.Find(project, new(table), stop) is not null;
        if (bad.Count == 0 && (order.Kind is ChangeKind.Append || !isThere))
            return null;
        var staged = new List<StagedFile>();
        if (bad.Count > 0)
        {
            var path = Path.Combine(folder, "bad.parquet");
            using var duck = new Duck(folder, [], 256L << 20);
            var found = Parquet.Write(duck, $"SELECT * FROM read_json({Sql.Text(bad.Path)}, format = 'newline_delimited', columns = {{{string.Join(", ", QuarantineColumns.Select(column => $"{Sql.Text(column.Name)}: {Sql.Text(column.Type)}"))}}})", path, QuarantineColumns, stop);
            if (found.Rows != bad.Count)
                throw new InvalidDataException($"{bad.Count} rows were set aside and {found.Rows} written.");
            staged.Add(await tables.Keep(path, found, [new(0, found.Rows, order.Window)], stop));
        }

        return new(project, table, order.Kind, await From(project, table, order, stop), staged) { Window = order.Kind is ChangeKind.ReplaceWindow ? order.Window : null, Reason = "rows that could not be read" };
    }

    private async Task<int?> From(string project, TableName table, ReadOrder order, CancellationToken stop)
        => order.Kind is ChangeKind.Append ? null : (await tables.Find(project, new(table), stop))?.Version ?? 0;

    /// <summary>The schema with the columns that files have besides, when it may evolve.</summary>
    private async Task<FileSchema> Fitting(IReadOnlyList<SourceFile> files, FileSchema schema, CancellationToken stop)
    {
        if (schema.OnChange is not OnSchemaChange.Evolve)
            return schema;
        foreach (var file in files)
        {
            var found = await Look(file.Path, file.Name, schema.Format, stop);
            var fresh = found.Columns.Where(column => schema.Columns.All(known => known.Name != column.Name && !string.Equals(known.From ?? known.Name, column.From ?? column.Name, StringComparison.OrdinalIgnoreCase))).ToList();
            if (schema.Format is not FileFormat.Csv || schema.Header)
                schema = schema with { Columns = [.. schema.Columns, .. fresh] };
        }

        return schema;
    }

    private static void RefuseTooManyBad(IReadOnlyList<SourceFile> files, FileSchema schema, List<CheckedFile> read, BadRows bad)
    {
        var all = read.Sum(one => one.Read);
        if (bad.Count == 0 || BadLimit.Parse(schema.StopIfBad) is not { } limit || !limit.IsBroken(bad.Count, all))
            return;
        var first = bad.FirstOnes[0];
        throw ProblemException.Invalid("too_many_bad_rows",
            $"{bad.Count:N0} of {all:N0} rows of {(files.Count == 1 ? $"'{files[0].Name}'" : $"{files.Count} files")} are bad ({100.0 * bad.Count / all:0.##} %), more than stop_if_bad allows ({schema.StopIfBad}); nothing was kept. The first is '{first.File}', line {first.Line:N0}{(first.Column is null ? "" : $", column {first.Column}")}: {first.Reason}.",
            "Correct the file, correct the schema, or allow more with stop_if_bad.");
    }

    public static FileFormat FormatOf(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".csv" or ".tsv" or ".txt" => FileFormat.Csv,
        ".jsonl" or ".ndjson" or ".json" => FileFormat.JsonLines,
        ".parquet" or ".pq" => FileFormat.Parquet,
        _ => throw ProblemException.Invalid("format_unknown", $"The name '{Names.Shorten(name)}' does not say what the file is.", "Call it .csv, .jsonl or .parquet, or say its format."),
    };
}

/// <summary>A file whose rows are known to be good or bad.</summary>
/// <param name="Path">What the engine reads: the file, or a copy without the bad rows.</param>
internal sealed record CheckedFile(SourceFile File, string Path, Digest Digest, long Bytes, long Read, long Bad, Layout Layout, IReadOnlyList<long> NullCounts)
{
    public bool HasHeader { get; init; }

    /// <summary>The engine passes over the bad rows by itself: each is one that it cannot read.</summary>
    public bool HasBad { get; init; }

    /// <summary>The engine may not be strict: mixed line ends, or quotes within plain fields.</summary>
    public bool IsLoose { get; init; }

    public bool QuotedEmptyIsText { get; init; }

    public DateTime Written { get; init; }

    /// <summary>Already made.</summary>
    public List<(string Path, Inspected Found)>? Parquet { get; init; }

    public void Reconcile(long written)
    {
        if (Read != written + Bad)
            throw new InvalidDataException($"'{File.Name}': {Read} rows were read, {written} written and {Bad} set aside.");
    }
}

/// <summary>CSV and JSON Lines: first every field is checked, then the engine converts what is known to be good.</summary>
internal static class TextFiles
{
    /// <param name="told">How much of the file is checked, from 0 to 1.</param>
    public static CheckedFile Check(SourceFile file, FileSchema schema, BadRows bad, string folder, Action<double> told, CancellationToken stop)
    {
        var before = new FileInfo(file.Path);
        if (!before.Exists)
            throw ProblemException.NotFound("file", file.Name);
        var (length, written) = (before.Length, before.LastWriteTimeUtc);
        var utf8 = Spool.Utf8(file.Path, schema.Encoding, folder, stop);
        var found = schema.Format is FileFormat.JsonLines ? JsonLines(file, utf8, schema, bad, folder, told, stop) : Csv(file, utf8, schema, bad, folder, told, stop);
        RefuseChanged(file, length, written);
        return found with { Bytes = length, Written = written, Digest = utf8 == file.Path ? found.Digest : DigestOf(file.Path) };
    }

    public static List<(string Path, Inspected Found)> Convert(CheckedFile file, FileSchema schema, ReadOrder order, string folder, CancellationToken stop)
    {
        var output = Directory.CreateDirectory(Path.Combine(folder, "out-" + Names.NewId())).FullName;
        using var duck = new Duck(folder, [file.Path], order.Memory);
        var places = file.Layout.Places;
        var columns = "{" + string.Join(", ", places.Select((place, i) => $"'c{i}': {Sql.Text(place.Form?.ReadAs ?? "VARCHAR")}")) + "}";
        var read = $"""
            read_csv({Sql.Text(file.Path)}, auto_detect = false, header = {Word(file.HasHeader)}, delim = {Sql.Text(schema.Format is FileFormat.Csv ? Plain(schema.Delimiter) : ",")},
              quote = {Sql.Text(schema.Format is FileFormat.Csv ? schema.Quote : "\"")}, escape = {Sql.Text(schema.Format is FileFormat.Csv ? Plain(schema.Escape) : "\"")}, columns = {columns},
              nullstr = [{(file.QuotedEmptyIsText ? "''" : string.Join(", ", schema.Nulls.Select(Sql.Text)))}], allow_quoted_nulls = {Word(!file.QuotedEmptyIsText)}, strict_mode = {Word(!file.IsLoose)}, ignore_errors = {Word(file.HasBad)}, max_line_size = {Math.Max(schema.LongestRecord * 2, 2 << 20)})
            """;
        var made = schema.Columns.Select(column => (Column: column, At: places.Select((place, i) => (place, i)).FirstOrDefault(one => one.place.Column == column, (null!, -1)).Item2)).ToList();
        var select = string.Join(", ", made.Select(one => $"{(one.At < 0 ? $"NULL::{Form.Of(one.Column).Type}" : places[one.At].Form!.Convert($"c{one.At}"))} AS {Sql.Name(one.Column.Name)}"));
        var types = made.Select(one => new TableColumn(one.Column.Name, Form.Of(one.Column).Type)).ToList();
        var partition = order.PartitionBy.Count == 0 ? "" : $", PARTITION_BY ({Sql.Names(order.PartitionBy)}), WRITE_PARTITION_COLUMNS true";
        var target = order.PartitionBy.Count == 0 ? Path.Combine(output, "0.parquet") : output;
        List<(string, Inspected)> written;
        try
        {
            var files = duck.All($"COPY (SELECT {select} FROM {read}) TO {Sql.Text(target)} (FORMAT parquet, RETURN_STATS{partition})", row => Inspector.Written(row, types), stop);
            var kept = Inspector.Columns(duck, files[0].File, stop);
            written = [.. files.Select(one => (one.File, new Inspected(one.Rows, kept, one.Statistics)))];
        }
        catch (DuckDB.NET.Data.DuckDBException error) when (!stop.IsCancellationRequested)
        {
            RefuseChanged(file.File, file.Bytes, file.Written);
            throw error.Message.Contains("No space left", StringComparison.Ordinal)
                ? FullDisk.Problem()
                : ProblemException.Invalid("file_unreadable", $"'{file.File.Name}' passed its check, and the engine refuses it: {Names.Shorten(error.Message.Split('\n')[0], 300)}", "Write the file anew, in plain CSV.");
        }

        RefuseChanged(file.File, file.Bytes, file.Written);
        ReconcileNulls(file, made.Select(one => one.At), written);
        return written;
    }

    /// <summary>A cast that quietly gave nothing would show here.</summary>
    private static void ReconcileNulls(CheckedFile file, IEnumerable<int> places, List<(string, Inspected Found)> written)
    {
        foreach (var (at, i) in places.Select((at, i) => (at, i)).Where(one => one.at >= 0))
            if (written.All(one => one.Found.Statistics.Count == one.Found.Columns.Count) && written.Sum(one => one.Found.Statistics[i].Nulls) is var nulls && nulls != file.NullCounts[at])
                throw new InvalidDataException($"'{file.File.Name}', column {file.Layout.NameOf(at)}: {file.NullCounts[at]} values are empty, and {nulls} were written so.");
    }

    private static CheckedFile Csv(SourceFile file, string utf8, FileSchema schema, BadRows bad, string folder, Action<double> told, CancellationToken stop)
    {
        var dialect = CsvDialect.Of(schema);
        var layout = LayoutOf(file, schema, Looking.Header(utf8, dialect, schema.LongestRecord, stop));
        using var check = new CsvCheck(file.Name, schema, layout, bad, utf8, folder);
        var scan = new CsvScan(dialect, schema.LongestRecord, check) { EmptyLinesCount = layout.Places.Count == 1, Told = told };
        using var bytes = new FileStream(utf8, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        var digest = scan.Run(bytes, new FileInfo(utf8).Length, stop);
        check.Finish(scan.Count);
        return new(file, check.Path, digest, 0, check.Records, check.BadCount, layout, check.NullCounts) { HasHeader = schema.Header, HasBad = check.HasBad, IsLoose = scan.IsLoose || scan.HasMixedEnds };
    }

    private static CheckedFile JsonLines(SourceFile file, string utf8, FileSchema schema, BadRows bad, string folder, Action<double> told, CancellationToken stop)
    {
        using var check = new JsonCheck(file.Name, schema, bad, folder);
        var scan = new CsvScan(Looking.Lines, schema.LongestRecord, check) { Told = told };
        using var bytes = new FileStream(utf8, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        var digest = scan.Run(bytes, new FileInfo(utf8).Length, stop);
        check.Finish();
        var layout = new Layout([.. schema.Columns.Select(column => new Place(column, Form.Of(column)))], []);
        return new(file, check.Path, digest, 0, scan.Count, check.BadCount, layout, check.NullCounts) { QuotedEmptyIsText = true };
    }

    /// <summary>Columns are found by their header, whatever their order; without one by their place.</summary>
    private static Layout LayoutOf(SourceFile file, FileSchema schema, IReadOnlyList<string> first)
    {
        if (!schema.Header)
            return first.Count == 0 || first.Count == schema.Columns.Count
                ? new([.. schema.Columns.Select(column => new Place(column, Form.Of(column)))], [])
                : throw Changed(file, $"it has {first.Count} columns, and the schema {schema.Columns.Count}");
        var header = Headers.Unique(first);
        if (header.Count == 0)
            throw ProblemException.Invalid("file_empty", $"'{file.Name}' is empty: not even its columns are named.", "Send the file again, whole.");
        var places = header.Select(name => Find(schema, name)).Select(column => new Place(column, column is null ? null : Form.Of(column))).ToList();
        if (schema.OnChange is OnSchemaChange.Stop)
        {
            var (fresh, missing) = (header.Where((_, i) => places[i].Column is null).ToList(), schema.Columns.Where(column => places.All(place => place.Column != column)).Select(column => column.From ?? column.Name).ToList());
            if (fresh.Count + missing.Count > 0)
                throw Changed(file, string.Join("; ", new[] { fresh.Count == 0 ? null : $"new: {Some(fresh)}", missing.Count == 0 ? null : $"missing: {Some(missing)}" }.OfType<string>()));
        }

        return places.Any(place => place.Column is not null) ? new(places, header) : throw Changed(file, "none of its columns is in the schema");
    }

    private static FileColumn? Find(FileSchema schema, string header)
        => schema.Columns.FirstOrDefault(column => (column.From ?? column.Name) == header)
            ?? schema.Columns.FirstOrDefault(column => string.Equals(column.From ?? column.Name, header, StringComparison.OrdinalIgnoreCase));

    private static string Some(List<string> names) => string.Join(", ", names.Take(10)) + (names.Count > 10 ? $" and {names.Count - 10} more" : "");

    private static ProblemException Changed(SourceFile file, string why)
        => ProblemException.Conflict("schema_changed", $"'{file.Name}' has other columns than its schema ({why}); nothing was kept.", "Look at the file; to go on, choose on_change: ignore or evolve.");

    private static void RefuseChanged(SourceFile file, long length, DateTime written)
    {
        var now = new FileInfo(file.Path);
        if (!now.Exists || now.Length != length || now.LastWriteTimeUtc != written)
            throw ProblemException.Conflict("file_changed", $"'{file.Name}' changed while it was read (from {length:N0} to {(now.Exists ? now.Length : 0):N0} bytes); nothing was kept.", "Try again when it is written to its end.");
    }

    private static Digest DigestOf(string path)
    {
        using var bytes = File.OpenRead(path);
        return Digest.FromHash(SHA256.HashData(bytes));
    }

    private static string Plain(string character) => character.Replace("\\t", "\t", StringComparison.Ordinal);

    private static string Word(bool yes) => yes ? "true" : "false";
}
