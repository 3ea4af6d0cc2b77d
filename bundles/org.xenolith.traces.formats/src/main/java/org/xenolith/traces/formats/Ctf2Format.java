// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.traces.api.TraceField;
import org.xenolith.traces.api.TraceFormat;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceWriter;

/** The Common Trace Format 2, described by a JSON text sequence (CTF2-SPEC-2.0; RFC 7464). The packets are those of 1.8. */
@Component
public final class Ctf2Format implements TraceFormat {
  private static final char SEPARATOR = 0x1E;

  @Override
  public String name() {
    return "ctf2";
  }

  @Override
  public String help() {
    return "a folder in the Common Trace Format 2, for babeltrace2 from 2.1 on";
  }

  @Override
  public Optional<String> ending() {
    return Optional.empty();
  }

  @Override
  public TraceWriter open(Path target, Head head) throws IOException {
    CtfFolder.make(target, metadata(head));
    return new CtfWriter(target, head);
  }

  /** The description: fragments, each behind a separator. */
  static String metadata(Head head) {
    StringBuilder text = new StringBuilder();
    fragment(text, "{\"type\":\"preamble\",\"version\":2}");
    StringBuilder trace = new StringBuilder("{\"type\":\"trace-class\",\"environment\":{\"machine\":");
    JsonText.string(trace, head.machine());
    trace.append(",\"cpus\":").append(head.cpus()).append("},\"packet-header-field-class\":").append(structure(member("magic", integer(
        CtfLayout.MAGIC_BYTES, "packet-magic-number")))).append('}');
    fragment(text, trace.toString());
    fragment(text, "{\"type\":\"clock-class\",\"id\":\"" + CtfLayout.CLOCK + "\",\"name\":\"" + CtfLayout.CLOCK
        + "\",\"description\":\"virtual time since power-on\",\"frequency\":" + CtfLayout.HERTZ + "}");
    fragment(text, "{\"type\":\"data-stream-class\",\"default-clock-class-id\":\"" + CtfLayout.CLOCK + "\",\"packet-context-field-class\":"
        + structure(member("packet_size", integer(Long.BYTES, "packet-total-length")), member("content_size", integer(Long.BYTES,
            "packet-content-length")), member("timestamp_begin", integer(CtfLayout.TIME_BYTES, "default-clock-timestamp")), member(
                "timestamp_end", integer(CtfLayout.TIME_BYTES, "packet-end-default-clock-timestamp")), member("events_discarded", integer(
                    Long.BYTES, "discarded-event-record-counter-snapshot"))) + ",\"event-record-header-field-class\":" + structure(member(
                        "id", integer(CtfLayout.ID_BYTES, "event-record-class-id")), member("timestamp", integer(CtfLayout.TIME_BYTES,
                            "default-clock-timestamp"))) + ",\"event-record-common-context-field-class\":" + structure(member("cpu", signed(
                                CtfLayout.PLACE_BYTES)), member("domain", signed(CtfLayout.PLACE_BYTES)), member("device", TEXT)) + "}");
    for (int i = 0; i < head.kinds().size(); i++) {
      TraceKind kind = head.kinds().get(i);
      fragment(text, "{\"type\":\"event-record-class\",\"id\":" + i + ",\"name\":\"" + kind.name() + "\",\"payload-field-class\":"
          + structure(
              kind.fields().stream().map(Ctf2Format::members).toArray(String[]::new)) + "}");
    }
    return text.toString();
  }

  private static final String TEXT = "{\"type\":\"null-terminated-string\"}";

  private static void fragment(StringBuilder text, String json) {
    text.append(SEPARATOR).append(json).append('\n');
  }

  private static String structure(String... members) {
    return "{\"type\":\"structure\",\"member-classes\":[" + String.join(",", members) + "]}";
  }

  private static String member(String name, String fieldClass) {
    return "{\"name\":\"" + name + "\",\"field-class\":" + fieldClass + "}";
  }

  private static String unsigned(int bytes, String more) {
    return "{\"type\":\"fixed-length-unsigned-integer\",\"length\":" + bytes * Byte.SIZE
        + ",\"byte-order\":\"little-endian\",\"alignment\":8"
        + more + "}";
  }

  private static String integer(int bytes, String role) {
    return unsigned(bytes, ",\"roles\":[\"" + role + "\"]");
  }

  private static String signed(int bytes) {
    return unsigned(bytes, "").replace("unsigned", "signed");
  }

  private static String members(TraceField field) {
    return switch (field.form()) {
      case NUMBER -> member(field.name(), signed(Long.BYTES));
      case BITS -> member(field.name(), unsigned(Long.BYTES, ",\"preferred-display-base\":16"));
      case TEXT -> member(field.name(), TEXT);
      case BYTES -> member(CtfLayout.LENGTH + field.name(), unsigned(Integer.BYTES, "")) + "," + member(field.name(),
          "{\"type\":\"dynamic-length-blob\",\"length-field-location\":{\"origin\":\"event-record-payload\",\"path\":[\"" + CtfLayout.LENGTH
              + field.name() + "\"]}}");
    };
  }
}
