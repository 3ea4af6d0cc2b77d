// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.machine.api.PortState;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;

/**
 * Port: what tools must remember of the host to go on from a snapshot: where the files are that a domain was built from, and texts that
 * name such files. It is in snapshots and not in the digest; state of the machine and what guests see have only the names that are given
 * out here, so that a run is the same wherever its files are.
 */
public final class HostNotes implements PortState {
  private static final String PATH = "path ";
  private final DeviceState state = new DeviceState();
  private final Map<String, String> notes = new TreeMap<>();

  /** Nothing is known. */
  public HostNotes() {
    state.varying("notes", notes::clear, this::save, this::restore);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public boolean ofTheHost() {
    return true;
  }

  /**
   * The name of a host's file: the last part of its path; if another path has that name already, with a number behind it.
   *
   * @param path as the user wrote it
   */
  public String name(String path) {
    String last = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    String name = last;
    for (int number = 2; !notes.getOrDefault(PATH + name, path).equals(path); number++) {
      name = last + "~" + number;
    }
    notes.put(PATH + name, path);
    return name;
  }

  /** The path behind a name; a text that is no such name is its own path. */
  public String path(String name) {
    return notes.getOrDefault(PATH + name, name);
  }

  /** Remembers a text under a key without blanks; null to forget it. */
  public void note(String key, String text) {
    if (text == null) {
      notes.remove(key);
    } else {
      notes.put(key, text);
    }
  }

  /** The text under a key; empty without one. */
  public String note(String key) {
    return notes.getOrDefault(key, "");
  }

  private byte[] save() {
    StateRecord record = new StateRecord();
    notes.forEach((key, text) -> record.put(key, text.getBytes(StandardCharsets.UTF_8)));
    return record.toBytes();
  }

  private void restore(byte[] saved) {
    notes.clear();
    StateRecord.ofBytes(saved).values().forEach((key, value) -> {
      if (!(value instanceof byte[] text)) {
        throw new StateMismatch("host notes: " + key + " is no text");
      }
      notes.put(key, new String(text, StandardCharsets.UTF_8));
    });
  }
}
