// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xenolith.traces.api.TraceEvent;
import org.xenolith.traces.api.TraceField;
import org.xenolith.traces.api.TraceField.Form;
import org.xenolith.traces.api.TraceFormat.Head;
import org.xenolith.traces.api.TraceWriter;

/**
 * Writes Chrome's Trace Event Format (document "Trace Event Format", JSON Object Format): each event an instant of a thread, which is a CPU, of a process, which is a domain or the machine. Times are
 * microseconds with three decimals.
 */
final class ChromeWriter implements TraceWriter {
  private static final int NANOSECONDS = 1000;

  private final CountedFile file;
  private final Set<Long> named = new HashSet<>();
  private final StringBuilder text = new StringBuilder();

  ChromeWriter(CountedFile file, Head head) throws IOException {
    this.file = file;
    text.append("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n{\"ph\":\"M\",\"pid\":0,\"name\":\"process_name\",\"args\":{\"name\":");
    JsonText.string(text, head.machine());
    text.append("}}");
    put();
  }

  private void put() throws IOException {
    file.write(text);
    text.setLength(0);
  }

  @Override
  public void write(TraceEvent event) throws IOException {
    int process = event.domain() + 1;
    int thread = event.cpu() + 1;
    name(process, thread);
    text.append(",\n{\"ph\":\"i\",\"s\":\"t\",\"ts\":").append(event.time() / NANOSECONDS).append('.');
    int rest = (int) (event.time() % NANOSECONDS);
    text.append((char) ('0' + rest / 100)).append((char) ('0' + rest / 10 % 10)).append((char) ('0' + rest % 10));
    text.append(",\"pid\":").append(process).append(",\"tid\":").append(thread).append(",\"cat\":\"").append(event.kind().name()).append(
        "\",\"name\":");
    JsonText.string(text, title(event));
    text.append(",\"args\":{");
    arguments(event);
    text.append("}}");
    put();
  }

  /** Who looks at many events tells them apart by these. */
  private static String title(TraceEvent event) {
    List<TraceField> fields = event.kind().fields();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).form() == Form.TEXT) {
        return event.kind().name() + ' ' + event.values().get(i);
      }
    }
    return event.device().isEmpty() ? event.kind().name() : event.kind().name() + ' ' + event.device();
  }

  private void arguments(TraceEvent event) {
    String before = "";
    if (!event.device().isEmpty()) {
      text.append("\"device\":");
      JsonText.string(text, event.device());
      before = ",";
    }
    List<TraceField> fields = event.kind().fields();
    for (int i = 0; i < fields.size(); i++) {
      text.append(before).append('"').append(fields.get(i).name()).append("\":");
      value(fields.get(i), event.values().get(i));
      before = ",";
    }
  }

  /** Numbers of 64 bits aren't exact in every reader of JSON: those of bits are texts. */
  private void value(TraceField field, Object value) {
    switch (field.form()) {
      case NUMBER -> text.append(value);
      case BITS -> text.append("\"0x").append(Long.toHexString((Long) value)).append('"');
      case TEXT -> JsonText.string(text, (String) value);
      case BYTES -> JsonText.hex(text, (byte[]) value);
    }
  }

  private void name(int process, int thread) {
    if (named.add((long) process << 32 | thread)) {
      if (process > 0 && named.add((long) process << 32 | 0xFFFF_FFFFL)) {
        meta(process, 0, "process_name", "domain " + (process - 1));
      }
      meta(process, thread, "thread_name", thread == 0 ? "no CPU" : "cpu " + (thread - 1));
    }
  }

  private void meta(int process, int thread, String what, String name) {
    text.append(",\n{\"ph\":\"M\",\"pid\":").append(process).append(",\"tid\":").append(thread).append(",\"name\":\"").append(what).append(
        "\",\"args\":{\"name\":");
    JsonText.string(text, name);
    text.append("}}");
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void close(long dropped) throws IOException {
    try (file) {
      text.append("\n],\"otherData\":{\"clock\":\"virtual time since power-on\",\"dropped\":").append(dropped).append("}}\n");
      put();
    }
  }
}
