package org.xenolith.hyp.control;

import java.nio.charset.StandardCharsets;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** What the tools keep of a domain that they built: its configuration, so that it can be built again. */
final class ManagedDomain {
  private final DeviceState state = new DeviceState();
  /** A device is being detached until this virtual time: kind and number. */
  final LongCell doomed = state.cell("doomed", 0);
  private String file = "";
  private String text = "";

  ManagedDomain() {
    state.varying("file", () -> file = "", () -> file.getBytes(StandardCharsets.UTF_8), bytes -> file = new String(bytes, StandardCharsets.UTF_8));
    state.varying("text", () -> text = "", () -> text.getBytes(StandardCharsets.UTF_8), bytes -> text = new String(bytes, StandardCharsets.UTF_8));
  }

  DeviceState state() {
    return state;
  }

  void begin(String newFile, String newText) {
    file = newFile;
    text = newText;
  }

  String file() {
    return file;
  }

  String text() {
    return text;
  }

  DomainConfig config() {
    return DomainConfig.read(file, text);
  }
}
