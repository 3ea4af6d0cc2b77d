// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ramfb;

import java.util.Optional;
import org.xenolith.console.api.Display;
import org.xenolith.console.api.DisplayPort;
import org.xenolith.console.api.Picture;
import org.xenolith.firmware.api.FwCfgFile;
import org.xenolith.firmware.api.FwCfgPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.DeviceState;

/** The display: the file {@code etc/ramfb} of fw_cfg, in which a guest says where its frame buffer is. Memory is read when somebody looks, and only then. */
final class Ramfb implements DeviceModel, FwCfgFile, Display {
  static final String FILE = "etc/ramfb";

  private final DeviceState state = new DeviceState();
  private final byte[] described = state.bytes("frame-buffer", FrameBuffer.SIZE);
  private final FwCfgPort files;
  private final DisplayPort display;
  private final DmaPort memory;
  private final EventLog events;
  private final String instance;

  Ramfb(DeviceContext context) {
    files = context.port(FwCfgPort.class);
    display = context.port(DisplayPort.class);
    memory = context.memory().dma();
    events = context.events();
    instance = context.instance();
    files.attach(this, context);
    display.attach(this, context);
  }

  @Override
  public String name() {
    return FILE;
  }

  @Override
  public int length() {
    return FrameBuffer.SIZE;
  }

  @Override
  public byte[] content() {
    return described.clone();
  }

  @Override
  public void written(int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, described, offset, bytes.length);
    FrameBuffer buffer = FrameBuffer.of(described);
    if (offset + bytes.length < FrameBuffer.SIZE || buffer.isOff()) {
      return;
    }
    String complaint = buffer.complaint();
    if (complaint == null && !isMemory(buffer)) {
      complaint = "from 0x" + Long.toHexString(buffer.address()) + " to 0x" + Long.toHexString(buffer.last()) + " isn't all memory";
    }
    if (complaint != null) {
      events.report("ramfb-bad-frame-buffer", instance, complaint + ": nothing is shown");
    }
  }

  private boolean isMemory(FrameBuffer buffer) {
    try {
      memory.read(buffer.address(), 4);
      memory.read(buffer.last(), 4);
      return true;
    } catch (ExternalAbort abort) {
      return false;
    }
  }

  @Override
  public Optional<Picture> picture() {
    FrameBuffer buffer = FrameBuffer.of(described);
    if (buffer.isOff() || buffer.complaint() != null) {
      return Optional.empty();
    }
    try {
      return Optional.of(buffer.picture(memory));
    } catch (ExternalAbort abort) {
      return Optional.empty();
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    files.detach(this);
    display.detach(this);
  }
}
