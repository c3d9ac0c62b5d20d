using System.Text.Json;
using System.Text.Json.Serialization;

namespace Steward.Data.Tables;

internal sealed class TableNameJson : JsonConverter<TableName>
{
    public override TableName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TableName.TryParse(reader.GetString()) ?? throw new JsonException("This is no name of a table.");

    public override void Write(Utf8JsonWriter writer, TableName value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
