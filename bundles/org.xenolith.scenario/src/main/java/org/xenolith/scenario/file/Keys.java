// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** The keys of a mapping, of which every one must be known. */
final class Keys {
  private final Place place;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, Place> places = new LinkedHashMap<>();

  Keys(Value mapping) {
    place = mapping.place();
    for (NodeTuple tuple : mapping.mapping().getValue()) {
      Value key = new Value(tuple.getKeyNode(), mapping.file(), Map.of());
      String name = key.text();
      if (places.put(name, key.place()) != null) {
        throw key.bad("the key '" + name + "' is said twice");
      }
      values.put(name, new Value(tuple.getValueNode(), mapping.file(), mapping.properties()));
    }
  }

  Place place() {
    return place;
  }

  /** Names in the file's order. */
  Set<String> names() {
    return values.keySet();
  }

  /** Complains about a key that is not among the known ones. */
  Keys only(Set<String> known) {
    places.forEach((name, where) -> {
      if (!known.contains(name)) {
        throw where.bad("unknown key '" + name + "'; expected " + String.join(", ", known));
      }
    });
    return this;
  }

  Keys only(String... known) {
    Set<String> all = new LinkedHashSet<>();
    for (String name : known) {
      all.add(name);
    }
    return only(all);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  Optional<Value> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  Value need(String name) {
    return get(name).orElseThrow(() -> place.bad("the key '" + name + "' is missing"));
  }
}
