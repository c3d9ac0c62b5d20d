using System.Globalization;
using System.Text;
using Steward.Projects;

namespace Steward.Data.Files;

/// <summary>A schema as the YAML file that people keep, read and change; the evidence stands there as comments.</summary>
public static class FileSchemaText
{
    private const int MostColumns = 2000;

    /// <summary>Throws <c>schema_invalid</c> with the first complaint and its line.</summary>
    public static FileSchema Read(string text)
    {
        var (schema, complaints) = ProjectFileReader.ReadAs<FileSchema>(text, "schema");
        if (schema is null)
            throw ProblemException.Invalid("schema_invalid", $"The schema cannot be read (line {complaints[0].Line}): {complaints[0].Why}", complaints[0].Try);
        return Checked(schema);
    }

    /// <summary>Throws <c>schema_invalid</c> when nothing can be read with it.</summary>
    public static FileSchema Checked(FileSchema schema)
    {
        if (schema.Columns.Count is 0 or > MostColumns)
            throw ProblemException.Invalid("schema_invalid", $"A schema has 1 to {MostColumns:N0} columns; this one has {schema.Columns.Count:N0}.", "Name the columns to read.");
        if (schema.Columns.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw ProblemException.Invalid("schema_invalid", $"Two columns are called '{Names.Shorten(twice.Key)}'.", "Give one of them another name, and say from which column of the file it comes.");
        if (schema.Columns.FirstOrDefault(column => column.Name.Length is 0 or > 120 || column.Name.Any(char.IsControl)) is { } nameless)
            throw ProblemException.Invalid("schema_invalid", $"'{Names.Shorten(nameless.Name)}' cannot be the name of a column.", "Use 1 to 120 characters.");
        if (schema.LongestRecord is < 1024 or > 16 << 20)
            throw ProblemException.Invalid("schema_invalid", "longest_record is 1,024 to 16,777,216 bytes.", "Leave it away.");
        foreach (var column in schema.Columns.Where(_ => schema.Format is not FileFormat.Parquet))
            Form.Of(column);
        BadLimit.Parse(schema.StopIfBad);
        CsvDialect.Of(schema);
        return schema;
    }

    public static string Write(FileSchema schema)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"format: {Word(schema.Format)}\n");
        if (schema.Format is FileFormat.Csv)
            text.Append(CultureInfo.InvariantCulture, $"delimiter: {Quoted(schema.Delimiter.Replace("\t", "\\t", StringComparison.Ordinal))}\nquote: {Quoted(schema.Quote)}\nescape: {Quoted(schema.Escape)}\nheader: {(schema.Header ? "true" : "false")}\nencoding: {schema.Encoding}\nnulls: [{string.Join(", ", schema.Nulls.Select(Quoted))}]\n");
        if (schema.LongestRecord != new FileSchema().LongestRecord)
            text.Append(CultureInfo.InvariantCulture, $"longest_record: {schema.LongestRecord}\n");
        text.Append(CultureInfo.InvariantCulture, $"on_change: {schema.OnChange.ToString().ToLowerInvariant()}\n");
        if (schema.StopIfBad is { } limit)
            text.Append(CultureInfo.InvariantCulture, $"stop_if_bad: {Quoted(limit)}\n");
        text.Append("columns:\n");
        foreach (var column in schema.Columns)
        {
            if (column.Evidence is { } evidence)
                text.Append(CultureInfo.InvariantCulture, $"  # {evidence.ReplaceLineEndings(" ")}\n");
            text.Append(CultureInfo.InvariantCulture, $"  - {{name: {Quoted(column.Name)}, type: {Quoted(column.Type)}");
            if (column.From is { } from)
                text.Append(CultureInfo.InvariantCulture, $", from: {Quoted(from)}");
            if (column.Required)
                text.Append(", required: true");
            if (column.Forms.Count > 0)
                text.Append(CultureInfo.InvariantCulture, $", forms: [{string.Join(", ", column.Forms.Select(Quoted))}]");
            text.Append("}\n");
        }

        return text.ToString();
    }

    public static string Word(FileFormat format) => format is FileFormat.JsonLines ? "json_lines" : format.ToString().ToLowerInvariant();

    /// <summary>Plain words stand alone; all else in single quotes, which hold anything but themselves.</summary>
    private static string Quoted(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(text[0]) && text is not ("true" or "false" or "yes" or "no" or "null" or "on" or "off" or "y" or "n")
        ? text
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
