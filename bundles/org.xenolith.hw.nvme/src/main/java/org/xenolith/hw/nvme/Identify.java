// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The Identify command (NVM Express 1.4, 5.15). */
final class Identify {
  /** Bytes of every answer. */
  private static final int LENGTH = 4096;
  private static final int NAMESPACE = 0;
  private static final int CONTROLLER = 1;
  private static final int ACTIVE_NAMESPACES = 2;
  private static final int NAMESPACE_DESCRIPTORS = 3;
  private static final int DATASET_MANAGEMENT = 1 << 2;
  private static final int WRITE_ZEROES = 1 << 3;
  private static final int LOG2_SECTOR = 9;
  /** What the controller shuts down at, in kelvin. */
  private static final int HOT = 353;

  private final Namespace namespace;
  private final HostData data;

  Identify(Namespace namespace, HostData data) {
    this.namespace = namespace;
    this.data = data;
  }

  Status perform(NvmeCommand command) {
    ByteBuffer into = data.blank(LENGTH);
    Status status = switch (command.dword(10) & 0xFF) {
      case NAMESPACE -> namespace(command.namespace(), into);
      case CONTROLLER -> controller(into);
      case ACTIVE_NAMESPACES -> activeNamespaces(command.namespace(), into);
      case NAMESPACE_DESCRIPTORS -> descriptors(command.namespace(), into);
      default -> Status.INVALID_FIELD;
    };
    return status == Status.SUCCESS ? data.toHost(command, LENGTH) : status;
  }

  /** Figure 249; all zero if the namespace isn't active. */
  private Status namespace(int id, ByteBuffer into) {
    if (id != Namespace.ID) {
      return Status.INVALID_NAMESPACE;
    }
    if (namespace.isActive()) {
      long blocks = namespace.disk().sectors();
      into.putLong(0, blocks);
      into.putLong(8, blocks);
      into.putLong(16, blocks);
      into.put(99, (byte) (namespace.disk().readOnly() ? 1 : 0));
      into.put(128 + 2, (byte) LOG2_SECTOR);
    }
    return Status.SUCCESS;
  }

  /** Figure 251. */
  private Status controller(ByteBuffer into) {
    into.putShort(0, (short) Nvme.VENDOR);
    into.putShort(2, (short) Nvme.SUBSYSTEM_VENDOR);
    into.put(4, Namespace.text(namespace.serial(), 20));
    into.put(24, Namespace.text("Xenolith NVMe controller", 40));
    into.put(64, Namespace.text(LogPages.FIRMWARE, 8));
    into.put(77, (byte) HostData.MOST_PAGES);
    into.putInt(80, (int) NvmeRegister.VS.spec().reset());
    // Notices of changed namespaces.
    into.putInt(92, 1 << 8);
    // An I/O controller; one abort at a time more than none; what is held of event requests; one firmware slot, read-only.
    into.put(111, (byte) 1);
    into.put(258, (byte) 3);
    into.put(259, (byte) (AsyncEvents.REQUESTS - 1));
    into.put(260, (byte) 3);
    // Log pages have an offset and a long length.
    into.put(261, (byte) (1 << 2));
    into.putShort(266, (short) NvmeFeatures.WARM);
    into.putShort(268, (short) HOT);
    into.put(512, (byte) 0x66);
    into.put(513, (byte) 0x44);
    into.putInt(516, Namespace.ID);
    into.putShort(520, (short) (DATASET_MANAGEMENT | WRITE_ZEROES));
    // A volatile write cache; flushing all namespaces at once is served.
    into.put(525, (byte) 7);
    into.put(768, ("nqn.2014-08.org.nvmexpress:xenolith:" + namespace.serial()).getBytes(StandardCharsets.UTF_8));
    // The only power state: 25 W.
    into.putShort(2048, (short) 2500);
    return Status.SUCCESS;
  }

  /** Identifiers above {@code above}. */
  private Status activeNamespaces(int above, ByteBuffer into) {
    if (Integer.compareUnsigned(above, 0xFFFF_FFFE) >= 0) {
      return Status.INVALID_NAMESPACE;
    }
    if (above == 0 && namespace.isActive()) {
      into.putInt(0, Namespace.ID);
    }
    return Status.SUCCESS;
  }

  /** Figure 253: a UUID, type 3. */
  private Status descriptors(int id, ByteBuffer into) {
    Status status = namespace.check(id);
    if (status == Status.SUCCESS) {
      into.put(0, (byte) 3);
      into.put(1, (byte) 16);
      namespace.putUuid(into, 4);
    }
    return status;
  }
}
