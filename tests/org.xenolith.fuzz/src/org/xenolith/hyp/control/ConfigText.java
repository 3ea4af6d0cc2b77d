// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.List;
import java.util.Map;
import org.xenolith.hyp.api.HypervisorException;

/** Lets the reader of domains' configurations be called. */
public final class ConfigText {
  private ConfigText() {}

  /** What a configuration asks for, as text. @throws HypervisorException if it can't be */
  public static String read(String name, String text) {
    DomainConfig config = DomainConfig.read(name, text);
    if (config.memory() < 1 || config.vcpus() < 1 || config.weight() < 1 || config.weight() > 0xFFFF || config.cap() < 0
        || config.cap() > 100 * config.vcpus()) {
      throw new IllegalStateException("numbers that no domain can have: " + config);
    }
    return config.toString();
  }

  /** The same configuration, a key a line, without comments. */
  public static String written(String name, String text) {
    StringBuilder written = new StringBuilder();
    for (Map.Entry<String, ConfigFile.Entry> entry : ConfigFile.parse(name, text).entrySet()) {
      List<String> values = entry.getValue().values().stream().map(ConfigText::quoted).toList();
      written.append(entry.getKey()).append(entry.getValue().list() ? "=[" + String.join(",", values) + "]" : "=" + values.getFirst())
          .append('\n');
    }
    return written.toString();
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
