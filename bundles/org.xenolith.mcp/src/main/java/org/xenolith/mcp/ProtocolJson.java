// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import java.io.IOException;

/** JSON as the protocol's SDK wants it read and written: its messages' annotations are Jackson's. */
final class ProtocolJson implements McpJsonMapper {
  private final ObjectMapper json = new ObjectMapper();

  @Override
  public <T> T readValue(String text, Class<T> type) throws IOException {
    return json.readValue(text, type);
  }

  @Override
  public <T> T readValue(byte[] text, Class<T> type) throws IOException {
    return json.readValue(text, type);
  }

  @Override
  public <T> T readValue(String text, TypeRef<T> type) throws IOException {
    return json.readValue(text, json.constructType(type.getType()));
  }

  @Override
  public <T> T readValue(byte[] text, TypeRef<T> type) throws IOException {
    return json.readValue(text, json.constructType(type.getType()));
  }

  @Override
  public <T> T convertValue(Object from, Class<T> type) {
    return json.convertValue(from, type);
  }

  @Override
  public <T> T convertValue(Object from, TypeRef<T> type) {
    return json.convertValue(from, json.constructType(type.getType()));
  }

  @Override
  public String writeValueAsString(Object value) throws IOException {
    return json.writeValueAsString(value);
  }

  @Override
  public byte[] writeValueAsBytes(Object value) throws IOException {
    return json.writeValueAsBytes(value);
  }
}
