// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** A form that traces are written in; an OSGi service. */
@ConsumerType
public interface TraceFormat {
  /** Its name in options: lower-case letters and digits. */
  String name();

  /** What it is and who reads it, for people: a phrase without a full stop. */
  String help();

  /** How names of such files end, as {@code .json}; empty if it is a folder of files. */
  Optional<String> ending();

  /** Whether two traces of the same events are the same bytes. */
  default boolean repeatable() {
    return true;
  }

  /** Whether it has a place for events of a kind: one that holds packets of a network has none for exceptions. */
  default boolean takes(TraceKind kind) {
    return true;
  }

  /**
   * Begins a trace.
   *
   * @param target file or folder; what is there by that name is replaced, a folder only if it is empty or a trace
   * @param head   what is known before the first event
   * @throws IOException if it can't be written, with a message for who knows its name
   */
  TraceWriter open(Path target, Head head) throws IOException;

  /**
   * What is known of a trace before its first event.
   *
   * @param machine name of the machine's board
   * @param cpus    how many it has
   * @param kinds   all kinds of which events may come
   */
  record Head(String machine, int cpus, List<TraceKind> kinds) {
    /** Copies the list. */
    public Head {
      kinds = List.copyOf(kinds);
    }
  }
}
