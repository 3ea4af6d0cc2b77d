// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;

/** A virtio device behind edk2's protocol, for tests of drivers: what a request comes to is the test's, and whether the device is honest. */
public final class FakeVirtioDevice {
  /** Buffers of each queue. */
  public static final int SIZE = 8;
  private static final int NEXT = 1;
  private static final int WRITES = 2;

  /** One buffer of a request. @param writes whether the device may write it */
  public record Buffer(long address, int length, boolean writes) {}

  private record Held(int head, List<Buffer> buffers) {}

  /** What carries requests out. */
  @FunctionalInterface
  public interface Server {
    /** Instead of bytes: the request is over only when the test says so. */
    int HELD = -1;

    /** One request. @return how many bytes were written, or {@link #HELD} */
    int serve(int queue, List<Buffer> buffers);
  }

  /** What the device says instead of the truth. */
  public enum Lie {
    /** Nothing. */
    NONE,
    /** It never says that a request is over. */
    SILENT,
    /** It says that more requests are over than were made. */
    INDEX,
    /** It says that another request is over. */
    ENTRY
  }

  private final FakeFirmware firmware;
  private final byte[] configuration;
  private final Map<Integer, Long> rings = new HashMap<>();
  private final Map<Integer, Integer> taken = new HashMap<>();
  private final Map<Integer, Integer> given = new HashMap<>();
  private final Map<Integer, ArrayDeque<Held>> held = new HashMap<>();
  private final long handle;
  private Server server = (queue, buffers) -> 0;
  private long features = 1L << 32;
  private int most = SIZE;
  private long event;
  private long status;
  private int selected;
  private Lie lie = Lie.NONE;

  /**
   * A device with a handle of its own.
   *
   * @param kind          of device (Virtio 1.2, 5)
   * @param configuration its own
   */
  public FakeVirtioDevice(FakeFirmware firmware, int kind, byte[] configuration) {
    this.firmware = firmware;
    this.configuration = configuration;
    EfiRam memory = firmware.memory();
    EfiFunction nothing = call -> EfiStep.done();
    long device = firmware.room(8 + 17 * 8);
    memory.put32(device + 4, kind);
    put(device + 8, call -> {
      memory.put64(call.argument(1), features);
      return EfiStep.done();
    });
    put(device + 16, nothing);
    put(device + 24, call -> {
      rings.put(selected, memory.get64(call.argument(1) + 16));
      taken.put(selected, 0);
      given.put(selected, 0);
      return EfiStep.done();
    });
    put(device + 32, call -> {
      selected = (int) call.argument(1);
      return EfiStep.done();
    });
    put(device + 40, call -> {
      work((int) call.argument(1));
      return EfiStep.done();
    });
    put(device + 48, nothing);
    put(device + 56, nothing);
    put(device + 64, call -> {
      memory.put16(call.argument(1), most);
      return EfiStep.done();
    });
    put(device + 72, nothing);
    put(device + 80, call -> {
      memory.put8(call.argument(1), status);
      return EfiStep.done();
    });
    put(device + 88, call -> {
      status = call.argument(1);
      if (status == 0) {
        held.clear();
      }
      return EfiStep.done();
    });
    put(device + 96, nothing);
    put(device + 104, call -> {
      memory.write(call.argument(4), java.util.Arrays.copyOfRange(this.configuration, (int) call.argument(1), (int) (call.argument(1) + call
          .argument(2))));
      return EfiStep.done();
    });
    long create = firmware.service(BootService.CREATE_EVENT);
    firmware.service(BootService.CREATE_EVENT, call -> event != 0 || !call.isAt(AskOnce.ASK) ? EfiStep.done(event != 0 ? event : call
        .result())
        : EfiStep.call(AskOnce.ANSWERED, create, call.argument(0), call.argument(1), call.argument(2), call.argument(3), call.argument(4)));
    handle = firmware.handles().install(0, Protocol.VIRTIO_DEVICE, device);
  }

  private void put(long at, EfiFunction function) {
    firmware.memory().put64(at, firmware.guest(function));
  }

  /** Requests go there from now on. */
  public void serve(Server now) {
    server = now;
  }

  /** What it offers from now on. */
  public void features(long now) {
    features = now;
  }

  /** How many buffers it says that its queues may have. */
  public void most(int now) {
    most = now;
  }

  /** What CreateEvent returns. */
  public void event(EfiStatus now) {
    event = now.code();
  }

  /** What it says of requests from now on. */
  public void lie(Lie now) {
    lie = now;
  }

  /** Its handle. */
  public long handle() {
    return handle;
  }

  /** Its status byte. */
  public long status() {
    return status;
  }

  /** How many requests of a queue are over since it was set up. */
  public int served(int queue) {
    return given.getOrDefault(queue, 0);
  }

  /** Requests that are held. */
  public int held(int queue) {
    return held.getOrDefault(queue, new ArrayDeque<>()).size();
  }

  /** Ends the request that was held first: bytes go into the buffers that the device may write. @param written how many it says that it wrote */
  public void finish(int queue, byte[] bytes, int written) {
    Held first = held.get(queue).remove();
    int at = 0;
    for (Buffer buffer : first.buffers) {
      int piece = buffer.writes ? Math.min(buffer.length, bytes.length - at) : 0;
      firmware.memory().write(buffer.address, java.util.Arrays.copyOfRange(bytes, at, at + piece));
      at += piece;
    }
    give(queue, first.head, written);
  }

  /** Says once more that the latest request is over. */
  public void again(int queue) {
    long used = used(queue);
    int count = given.get(queue);
    firmware.memory().write(used + 4 + 8L * (count % SIZE), firmware.memory().read(used + 4 + 8L * ((count - 1) % SIZE), 8));
    given.put(queue, count + 1);
    firmware.memory().put16(used + 2, count + 1);
  }

  /** Address of a queue's used ring (Virtio 1.2, 2.7.8), in which a test may write what no device says; the queue must have been set up. */
  public long used(int queue) {
    return rings.get(queue) + (16L * SIZE + 6 + 2 * SIZE + 4095 & -4096);
  }

  private void work(int queue) {
    long available = rings.get(queue) + 16L * SIZE;
    while ((firmware.memory().get16(available + 2) - taken.get(queue) & 0xFFFF) != 0) {
      int head = firmware.memory().get16(available + 4 + 2L * (taken.get(queue) % SIZE));
      List<Buffer> buffers = chain(queue, head);
      int written = server.serve(queue, buffers);
      taken.merge(queue, 1, Integer::sum);
      if (written == Server.HELD) {
        held.computeIfAbsent(queue, key -> new ArrayDeque<>()).add(new Held(head, buffers));
      } else {
        give(queue, head, written);
      }
    }
  }

  private List<Buffer> chain(int queue, int head) {
    EfiRam memory = firmware.memory();
    List<Buffer> buffers = new ArrayList<>();
    for (int at = head, flags = NEXT; (flags & NEXT) != 0;) {
      long descriptor = rings.get(queue) + 16L * at;
      flags = memory.get16(descriptor + 12);
      at = memory.get16(descriptor + 14);
      buffers.add(new Buffer(memory.get64(descriptor), (int) memory.get32(descriptor + 8), (flags & WRITES) != 0));
    }
    return buffers;
  }

  private void give(int queue, int head, int written) {
    EfiRam memory = firmware.memory();
    long used = used(queue);
    int count = given.get(queue);
    memory.put32(used + 4 + 8L * (count % SIZE), lie == Lie.ENTRY ? 5 : head);
    memory.put32(used + 8 + 8L * (count % SIZE), written);
    if (lie != Lie.SILENT) {
      given.put(queue, count + 1);
      memory.put16(used + 2, lie == Lie.INDEX ? count + 4 : count + 1);
    }
  }

  /** A device's configuration from 32-bit fields. */
  public static byte[] configuration(int... fields) {
    ByteBuffer out = ByteBuffer.allocate(4 * fields.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int field : fields) {
      out.putInt(field);
    }
    return out.array();
  }
}
