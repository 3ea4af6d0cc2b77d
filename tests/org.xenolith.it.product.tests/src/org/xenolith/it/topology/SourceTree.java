// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.topology;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device tree as the devicetree compiler prints it, read without any of our own code: one property or brace per line.
 * This is what the project's codec and loader are held against.
 */
final class SourceTree {
  private static final Pattern OPEN = Pattern.compile("(?:[\\w]+: )*(\\S+) \\{");
  private static final Pattern PROPERTY = Pattern.compile("([^\\s=;]+)(?: = (.*))?;");
  private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final Map<String, Map<String, String>> nodes = new LinkedHashMap<>();

  SourceTree(String source) {
    Deque<String> path = new ArrayDeque<>();
    for (String line : source.lines().map(String::strip).toList()) {
      Matcher open = OPEN.matcher(line);
      Matcher property = PROPERTY.matcher(line);
      if (open.matches()) {
        String parent = path.isEmpty() ? "" : path.peek();
        path.push(path.isEmpty() ? "/" : parent.equals("/") ? "/" + open.group(1) : parent + "/" + open.group(1));
        nodes.put(path.peek(), new LinkedHashMap<>());
      } else if (line.equals("};")) {
        path.pop();
      } else if (!path.isEmpty() && property.matches()) {
        nodes.get(path.peek()).put(property.group(1), property.group(2) == null ? "" : property.group(2));
      }
    }
    if (nodes.isEmpty() || !path.isEmpty()) {
      throw new AssertionError("not what the devicetree compiler prints: " + source.lines().limit(5).toList());
    }
  }

  /**
   * The enabled nodes that have registers on the memory bus: {@code compatible} and {@code reg}, and only buses with
   * {@code ranges} between them and the root (Devicetree Specification 0.4, 2.3.8). Below a PCI bus, {@code reg} is a
   * configuration address.
   */
  List<String> devices() {
    List<String> devices = new ArrayList<>();
    nodes.forEach((path, properties) -> {
      if (properties.containsKey("compatible") && !properties.getOrDefault("reg", "").isEmpty() && enabled(path)
          && mapped(parent(path))) {
        devices.add(path);
      }
    });
    return devices;
  }

  /** The values of a node's {@code compatible}. */
  List<String> compatible(String path) {
    List<String> values = new ArrayList<>();
    Matcher texts = TEXT.matcher(nodes.get(path).get("compatible"));
    while (texts.find()) {
      // the compiler prints a list as one text with embedded zeros, or as several
      values.addAll(List.of(texts.group(1).split("\\\\0")));
    }
    return values;
  }

  private boolean enabled(String path) {
    String status = nodes.get(path).getOrDefault("status", "\"okay\"");
    return (status.equals("\"okay\"") || status.equals("\"ok\"")) && (path.equals("/") || enabled(parent(path)));
  }

  private boolean mapped(String path) {
    return path.equals("/") || nodes.get(path).containsKey("ranges") && mapped(parent(path))
        && !nodes.get(path).getOrDefault("device_type", "").equals("\"pci\"");
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash == 0 ? "/" : path.substring(0, slash);
  }
}
