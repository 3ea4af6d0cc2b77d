// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ramfb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;

/** fw_cfg in front of a layer: registers, a directory of many files, and one that is written. */
final class FakeFwCfg {
  static final long BASE = 0x902_0000L;
  final List<byte[]> written = new ArrayList<>();
  /** What is wrong with the device. */
  boolean isSilent;
  boolean refusesWrites;
  boolean isElse;
  private final EfiRam memory;
  private final List<String> names;
  private final byte[] directory;
  private int selected;
  private int offset;

  FakeFwCfg(EfiRam memory, List<String> names) {
    this.memory = memory;
    this.names = names;
    ByteBuffer out = ByteBuffer.allocate(4 + 64 * names.size()).putInt(names.size());
    for (int i = 0; i < names.size(); i++) {
      out.position(4 + 64 * i).putInt(28).putShort((short) (0x20 + i)).putShort((short) 0).put(names.get(i).getBytes(
          StandardCharsets.US_ASCII));
    }
    directory = out.array();
  }

  long access(EfiAccess access) {
    if (access.address() < BASE || access.address() >= BASE + 24) {
      return memory.get32(access.address());
    }
    int register = (int) (access.address() - BASE);
    if (access.kind() == EfiAccess.Kind.READ) {
      return isElse ? 0 : register == 0 && selected == 0 ? 0x554D_4551L : register == 0 && selected == 1 ? 3 : 0;
    }
    if (register == 8) {
      select(Short.reverseBytes((short) access.value()) & 0xFFFF);
    } else if (register == 16 && !isSilent) {
      request(Long.reverseBytes(access.value()));
    }
    return 0;
  }

  private void select(int key) {
    selected = key;
    offset = 0;
  }

  private void request(long at) {
    int control = Integer.reverseBytes((int) memory.get32(at));
    int length = Integer.reverseBytes((int) memory.get32(at + 4));
    long address = Long.reverseBytes(memory.get64(at + 8));
    if ((control & 8) != 0) {
      select(control >>> 16);
    }
    boolean failed = false;
    if ((control & 2) != 0) {
      byte[] bytes = new byte[length];
      if (selected == 0x19) {
        System.arraycopy(directory, offset, bytes, 0, Math.min(length, directory.length - offset));
      }
      memory.write(address, bytes);
    } else if ((control & 16) != 0) {
      failed = refusesWrites || selected - 0x20 != names.indexOf("etc/ramfb") || length != 28;
      if (!failed) {
        written.add(memory.read(address, length));
      }
    }
    offset += length;
    memory.put32(at, failed ? 0x0100_0000 : 0);
  }
}
