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

/** The Common Trace Format 1.8, described by its language TSDL (diamon.org/ctf, v1.8.3). */
@Component
public final class Ctf1Format implements TraceFormat {
  @Override
  public String name() {
    return "ctf1";
  }

  @Override
  public String help() {
    return "a folder in the Common Trace Format 1.8, for babeltrace2 and Trace Compass";
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

  /** The description, in TSDL. */
  static String metadata(Head head) {
    StringBuilder text = new StringBuilder();
    text.append("""
        /* CTF 1.8 */
        typealias integer { size = 16; align = 8; signed = false; } := u16;
        typealias integer { size = 32; align = 8; signed = false; } := u32;
        typealias integer { size = 32; align = 8; signed = true; } := s32;
        typealias integer { size = 64; align = 8; signed = false; } := u64;
        typealias integer { size = 64; align = 8; signed = true; } := s64;
        typealias integer { size = 64; align = 8; signed = false; base = hex; } := bits;
        typealias integer { size = 8; align = 8; signed = false; base = hex; } := octet;

        trace {
          major = 1;
          minor = 8;
          byte_order = le;
          packet.header := struct {
            u32 magic;
          };
        };

        env {
          machine = "%s";
          cpus = %d;
        };

        clock {
          name = "%s";
          description = "virtual time since power-on";
          freq = %d;
        };

        typealias integer { size = 64; align = 8; signed = false; map = clock.%s.value; } := time;

        stream {
          packet.context := struct {
            u64 packet_size;
            u64 content_size;
            time timestamp_begin;
            time timestamp_end;
            u64 events_discarded;
          };
          event.header := struct {
            u16 id;
            time timestamp;
          };
          event.context := struct {
            s32 cpu;
            s32 domain;
            string device;
          };
        };
        """.formatted(head.machine().replaceAll("[\"\\\\\n]", "?"), head.cpus(), CtfLayout.CLOCK, CtfLayout.HERTZ, CtfLayout.CLOCK));
    for (int i = 0; i < head.kinds().size(); i++) {
      TraceKind kind = head.kinds().get(i);
      text.append("\nevent {\n  name = \"").append(kind.name()).append("\";\n  id = ").append(i).append(";\n  fields := struct {\n");
      kind.fields().forEach(field -> text.append(field(field)));
      text.append("  };\n};\n");
    }
    return text.toString();
  }

  /** With an underscore before each name, which readers take away: so that one may be a word of the language (7.3.2). */
  private static String field(TraceField field) {
    String name = '_' + field.name();
    return switch (field.form()) {
      case NUMBER -> "    s64 " + name + ";\n";
      case BITS -> "    bits " + name + ";\n";
      case TEXT -> "    string " + name + ";\n";
      case BYTES -> "    u32 " + CtfLayout.LENGTH + field.name() + ";\n    octet " + name + "[" + CtfLayout.LENGTH + field.name() + "];\n";
    };
  }
}
