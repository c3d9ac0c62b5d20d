using System.Globalization;

namespace Steward.Kubernetes;

/// <summary>Holds one object against its schema: fields, types, what is required, enums, quantities.</summary>
/// <param name="isPatch">A patch of Kustomize says only what it changes: nothing is required of it.</param>
internal sealed class SchemaCheck(Report report, bool isPatch)
{
    public void Check(Spot at, Schema schema)
    {
        if (!at.IsThere)
            return;
        if (schema.IsQuantity)
            Quantity(at);
        else if (schema.IsIntOrText)
            IntOrText(at);
        else if (schema.IsTime)
            Time(at);
        else if (!schema.IsOpen && schema.Followed is var said && !said.IsOpen)
            Typed(at, said, schema.Definition);
    }

    private void Typed(Spot at, Schema schema, string definition)
    {
        switch (schema.Type)
        {
            case "object":
                Object(at, schema, definition);
                break;
            case "array":
                List(at, schema);
                break;
            case "string":
                Text(at, schema);
                break;
            case "boolean":
                if (at.Node is not Node.Scalar { Kind: ScalarKind.Boolean })
                    report.Wrong(at, "wrong_type", $"true or false belongs here, not {Said(at)}.", "Write true or false, without quotes.");
                break;
            case "integer":
                Integer(at, schema);
                break;
            case "number":
                if (at.Node is not Node.Scalar { Kind: ScalarKind.Integer or ScalarKind.Number })
                    report.Wrong(at, "wrong_type", $"A number belongs here, not {Said(at)}.");
                break;
        }
    }

    private void Object(Spot at, Schema schema, string definition)
    {
        if (at.Node is not Node.Mapping)
        {
            report.Wrong(at, "wrong_type", $"Keys and values belong here, not {Said(at)}.");
            return;
        }

        foreach (var (key, value) in at.Entries)
            if (schema.Property(key) is { } known)
                Check(value, known);
            else if (schema.Additional is { } any)
                Check(value, any);
            else if (schema.HasProperties)
                report.Wrong(value, "unknown_field", $"There is no field '{Finding.Shown(key)}' in {Named(at, definition)}.", Nearest.Meant(key, schema.Properties));
        if (!isPatch)
            foreach (var missing in schema.Required.Where(key => !at[key].IsThere))
                report.Wrong(at[missing], "missing", $"'{missing}' is missing in {Named(at, definition)}.");
    }

    private void List(Spot at, Schema schema)
    {
        if (at.Node is not Node.Sequence)
        {
            report.Wrong(at, "wrong_type", $"A list belongs here, not {Said(at)}.", "Begin each item with a dash.");
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in at.Items)
        {
            if (schema.Items is { } each)
                Check(item, each);
            if (schema.Keys is { Count: > 0 } keys && keys.Any(key => item[key].IsThere) && !seen.Add(string.Join(", ", keys.Select(key => item[key].Text ?? Default(key)))))
                report.Wrong(item[keys[0]], "duplicate_item", $"An item with {string.Join(" and ", keys.Select(key => $"{key} {Finding.Shown(item[key].Text ?? Default(key))}"))} is in this list already.", "Give it another, or keep one of the two.");
        }

        static string Default(string key) => key == "protocol" ? "TCP" : "";
    }

    private void Text(Spot at, Schema schema)
    {
        if (at.Node is not Node.Scalar { Kind: ScalarKind.Text } word)
        {
            report.Wrong(at, "wrong_type", $"Text belongs here, not {Said(at)}.", at.Text is { } plain ? $"Write it in quotes: \"{Finding.Shown(plain)}\"." : null);
            return;
        }

        if (schema.Enum is { Count: > 0 } allowed && !allowed.Contains(word.Text))
            report.Wrong(at, "not_allowed", $"'{Finding.Shown(word.Text)}' is not one of {string.Join(", ", allowed)}.", Nearest.Meant(word.Text, allowed));
        if (schema.Format == "byte" && !Convert.TryFromBase64String(string.Concat(word.Text.Where(c => c is not ('\n' or '\r'))), new byte[word.Text.Length], out _))
            report.Wrong(at, "not_base64", "What stands here must be base64.", "Plain text belongs under stringData.");
    }

    private void Integer(Spot at, Schema schema)
    {
        if (at.Node is not Node.Scalar { Kind: ScalarKind.Integer } number)
        {
            report.Wrong(at, "wrong_type", $"A whole number belongs here, not {Said(at)}.", at.Text is { } text && Scalars.KindOf(text) is ScalarKind.Integer ? "Write it without quotes." : null);
            return;
        }

        if (Scalars.Value(number.Text) is not { } value || (schema.Format == "int32" && value is < int.MinValue or > int.MaxValue))
            report.Wrong(at, "too_large", $"{Finding.Shown(number.Text)} does not fit into {(schema.Format == "int32" ? 32 : 64)} bits.");
    }

    private void Quantity(Spot at)
    {
        if (at.Node is not Node.Scalar { Kind: ScalarKind.Text or ScalarKind.Integer or ScalarKind.Number } word)
            report.Wrong(at, "wrong_type", $"An amount belongs here, not {Said(at)}.", "Write it like 500m, 2 or 512Mi.");
        else if (Kubernetes.Quantity.Parse(word.Text) is null)
            report.Wrong(at, "not_a_quantity", $"'{Finding.Shown(word.Text)}' is no amount.", "Write it like 500m (half of one), 2, 512Mi or 2Gi.");
    }

    private void IntOrText(Spot at)
    {
        if (at.Node is not Node.Scalar { Kind: ScalarKind.Integer or ScalarKind.Text })
            report.Wrong(at, "wrong_type", $"A whole number or a text such as \"25%\" belongs here, not {Said(at)}.");
    }

    private void Time(Spot at)
    {
        if (at.Node is not Node.Scalar { Kind: ScalarKind.Text } word || !DateTimeOffset.TryParse(word.Text, CultureInfo.InvariantCulture, out _))
            report.Wrong(at, "wrong_type", $"A time such as 2026-03-10T13:00:00Z belongs here, not {Said(at)}.");
    }

    /// <summary>The kind that a definition is of, as people call it.</summary>
    private static string Named(Spot at, string definition) => definition.Length > 0 ? $"a {definition[(definition.LastIndexOf('.') + 1)..]}" : at.Path.Length > 0 ? $"'{at.Path}'" : "this";

    private static string Said(Spot at) => at.Node switch
    {
        Node.Mapping => "keys and values",
        Node.Sequence => "a list",
        Node.Scalar { Kind: ScalarKind.Integer or ScalarKind.Number } number => $"the number {Finding.Shown(number.Text)}",
        Node.Scalar { Kind: ScalarKind.Boolean } word => $"{Finding.Shown(word.Text)}, which means {(at.IsTrue ? "true" : "false")}",
        Node.Scalar word => $"the text '{Finding.Shown(word.Text)}'",
        _ => "nothing",
    };
}
