// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.api;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A kind of events, declared by the {@link TraceSource} that tells of them. The same object is used for all events of it.
 *
 * @param name   unique among all sources; lower-case letters, digits and dashes, as {@code grant-map}
 * @param help   what such an event is, for people: a phrase without a full stop
 * @param fields details that each event has, in this order
 */
public record TraceKind(String name, String help, List<TraceField> fields) {
  /** Names of what every event has, which no field may have. */
  public static final Set<String> OF_ALL = Set.of("time", "cpu", "domain", "device");

  /** Refuses names that a format can't have. */
  public TraceKind {
    checkName(name, "[a-z][a-z0-9]*(-[a-z0-9]+)*");
    fields = List.copyOf(fields);
    Set<String> names = new HashSet<>(OF_ALL);
    for (TraceField field : fields) {
      if (!names.add(field.name())) {
        throw new IllegalArgumentException(name + ": a second field '" + field.name() + "'");
      }
    }
  }

  static void checkName(String name, String form) {
    if (!name.matches(form)) {
      throw new IllegalArgumentException("'" + name + "' can't be a name in traces: expected " + form);
    }
  }

  /** Adds nothing but a shorter line. */
  public static TraceKind of(String name, String help, TraceField... fields) {
    return new TraceKind(name, help, List.of(fields));
  }
}
