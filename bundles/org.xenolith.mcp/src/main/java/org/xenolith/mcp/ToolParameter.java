// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that a tool can be told; none must be.
 *
 * @param name    of it
 * @param type    as JSON Schema calls it: string or number
 * @param meaning for who calls the tool
 */
record ToolParameter(String name, String type, String meaning) {
  static ToolParameter text(String name, String meaning) {
    return new ToolParameter(name, "string", meaning);
  }

  static ToolParameter number(String name, String meaning) {
    return new ToolParameter(name, "number", meaning);
  }

  /** The JSON Schema of an object that has these. */
  static Map<String, Object> schema(List<ToolParameter> all) {
    Map<String, Object> properties = new LinkedHashMap<>();
    all.forEach(each -> properties.put(each.name, Map.of("type", each.type, "description", each.meaning)));
    return Map.of("type", "object", "properties", properties, "additionalProperties", false);
  }
}
