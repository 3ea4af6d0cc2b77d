// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.console;

import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.api.Virtqueue.Chain;
import org.xenolith.virtio.kit.ChainStream;
import org.xenolith.virtio.kit.ChainService;

/**
 * A virtio console with port 0 only (Virtual I/O Device 1.2, 5.3): one receive queue, one transmit queue. What the driver sends is
 * out at once. What comes from outside waits in the {@link SerialPort} until the driver gives a buffer, so that nothing is lost.
 */
final class VirtioConsole implements DeviceModel, VirtioFunction {
  static final int RECEIVE = 0;
  static final int TRANSMIT = 1;
  /** Most bytes of one buffer that are sent, and bytes that are sent before the machine goes on: a driver's mistake must not hold it up. */
  static final int LONGEST = 1 << 20;
  /** Nanoseconds until the rest of what is too much for once is sent. */
  private static final long PAUSE = 100_000;
  private static final int DEVICE_ID = 3;
  /** As QEMU's: some drivers take so many without asking. */
  private static final int QUEUE_SIZE = 128;
  /** cols, rows, max_nr_ports, emerg_wr (5.3.4). */
  private static final int CONFIG_SIZE = 12;
  private static final int EMERGENCY_WRITE = 8;
  private static final long F_EMERG_WRITE = 1 << 2;
  private static final int PIECE = 4096;

  private final DeviceState state = new DeviceState();
  private final LongCell features = state.cell("features", 0);
  private final VirtioPort port;
  private final SerialPort serial;
  private final Clock clock;
  private final Alarm arrival;
  private final Alarm departure;
  private final EventLog events;
  private final String instance;
  private final ChainStream stream;
  private final ChainService work;
  private final byte[] piece = new byte[PIECE];
  /** There was no console just before: if this one gets a record, what was typed meanwhile went unheard. */
  private boolean returning;
  /** Bytes that were sent since the machine went on. */
  private long sent;

  VirtioConsole(DeviceContext context) {
    clock = context.time().clock();
    events = context.events();
    instance = context.instance();
    serial = context.port(SerialPort.class);
    port = context.port(VirtioPort.class);
    stream = new ChainStream(port.memoryOr(context.memory().dma()));
    work = new ChainService(port);
    arrival = context.time().alarm("arrival", this::receive);
    departure = context.time().alarm("departure", this::transmit);
    serial.onInput(this::receive);
    returning = port.function() == null;
    port.plug(this);
  }

  @Override
  public int deviceId() {
    return DEVICE_ID;
  }

  @Override
  public long features() {
    return F_EMERG_WRITE;
  }

  @Override
  public int queues() {
    return TRANSMIT + 1;
  }

  @Override
  public int maxQueueSize(int index) {
    return index == RECEIVE || index == TRANSMIT ? QUEUE_SIZE : 0;
  }

  @Override
  public int configSize() {
    return CONFIG_SIZE;
  }

  /** Without VIRTIO_CONSOLE_F_SIZE and F_MULTIPORT no field but the one to write means anything. */
  @Override
  public long readConfig(int offset, int size) {
    return 0;
  }

  /** 5.3.4: a character written here is out even before the queues are set up. */
  @Override
  public void writeConfig(int offset, int size, long value) {
    if (offset == EMERGENCY_WRITE) {
      serial.transmit((int) value & 0xFF);
    }
  }

  @Override
  public void accepted(long accepted) {
    features.value = accepted;
  }

  @Override
  public void notified(int index, Virtqueue queue) {
    if (index == RECEIVE) {
      receive();
    } else if (index == TRANSMIT) {
      transmit();
    }
  }

  /** Sends what the driver has given, as much of it as may be sent at once. */
  private void transmit() {
    boolean any = false;
    sent = 0;
    while (sent < LONGEST && work.one(TRANSMIT, this::send)) {
      any = true;
    }
    if (any) {
      work.interrupt(TRANSMIT);
    }
    if (sent >= LONGEST) {
      departure.at(clock.now() + PAUSE);
    }
  }

  /** Sends what is in a chain. @return bytes written, none */
  private int send(Chain chain) {
    stream.over(chain, false);
    long length = stream.remaining();
    if (length > LONGEST) {
      events.report("virtio-console-long-buffer", instance, "of " + length + " bytes in one buffer " + LONGEST + " are sent");
      length = LONGEST;
    }
    try {
      while (length > 0) {
        int count = (int) Math.min(length, PIECE);
        stream.read(piece, count);
        for (int i = 0; i < count; i++) {
          serial.transmit(piece[i]);
        }
        length -= count;
        sent += count;
      }
    } catch (ExternalAbort abort) {
      events.report("virtio-console-bad-address", instance, "what is to be sent is outside of memory");
    }
    return 0;
  }

  /** Puts what waits outside into the driver's buffers, as long as there are any. */
  private void receive() {
    boolean any = false;
    while (serial.waiting() > 0 && work.one(RECEIVE, this::fill)) {
      any = true;
    }
    if (any) {
      work.interrupt(RECEIVE);
    }
  }

  /** Fills one chain. @return bytes written */
  private int fill(Chain chain) {
    stream.over(chain, true);
    int count = (int) Math.min(Math.min(stream.remaining(), serial.waiting()), PIECE);
    if (count == 0) {
      events.report("virtio-console-no-room", instance, "a buffer to receive into has no byte that may be written");
      return 0;
    }
    for (int i = 0; i < count; i++) {
      piece[i] = (byte) serial.receive();
    }
    try {
      stream.write(piece, count);
      return count;
    } catch (ExternalAbort abort) {
      events.report("virtio-console-bad-address", instance, "a buffer to receive into is outside of memory; " + count + " bytes are lost");
      return 0;
    }
  }

  @Override
  public void resetByDriver() {
    features.value = 0;
    departure.cancel();
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    arrival.cancel();
    departure.cancel();
    returning = false;
  }

  /** What came while no model was here is passed on soon; a snapshot of a console that was here has its own alarm if it needs one. */
  @Override
  public void restored() {
    if (returning && serial.waiting() > 0) {
      arrival.at(clock.now());
    }
    returning = false;
  }

  @Override
  public void removed() {
    serial.onInput(() -> {});
    port.plug(null);
  }
}
