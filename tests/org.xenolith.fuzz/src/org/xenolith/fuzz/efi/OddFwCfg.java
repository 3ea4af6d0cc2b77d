// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.fuzz.InputBytes;

/**
 * fw_cfg (QEMU, docs/specs/fw_cfg.rst) with the display's file behind others, which does what is right unless the input says otherwise: a byte for each request. Bits 0 to 2: below 4
 * right; 4 it fails; 5 the control word becomes what the input says; 6 what is read is what the input says, as far as that goes; 7 no answer. The first byte: how many files come before
 * the display's; bit 7: the directory is cut short.
 */
final class OddFwCfg {
  static final long BASE = 0x902_0000L;
  private static final int SELECTOR = 8;
  private static final int DMA = 16;
  private static final int SIZE = 24;
  private static final int DIRECTORY = 0x19;
  private static final int FIRST = 0x20;
  private static final int ENTRY = 64;
  private static final int DESCRIPTION = 28;
  private static final int MOST = 1 << 20;
  private static final int READ = 2;
  private static final int SELECT = 8;
  private static final int WRITE = 16;
  private static final long FAILED = 0x0100_0000L;
  private static final long SIGNATURE = 0x554D_4551L;

  private final EfiRam memory;
  private final InputBytes input;
  private final byte[] directory;
  private final int key;
  private byte[] described = new byte[0];
  private int selected;
  private int offset;
  private boolean lied;

  OddFwCfg(EfiRam memory, InputBytes input) {
    this.memory = memory;
    this.input = input;
    int how = input.next();
    int before = how & 0x7F;
    key = FIRST + before;
    ByteBuffer out = ByteBuffer.allocate(4 + ENTRY * (before + 1)).putInt(before + 1);
    for (int i = 0; i <= before; i++) {
      out.position(4 + ENTRY * i).putInt(DESCRIPTION).putShort((short) (FIRST + i)).putShort((short) 0).put((i < before ? "etc/other"
          : "etc/ramfb").getBytes(StandardCharsets.US_ASCII));
    }
    directory = Arrays.copyOf(out.array(), (how & 0x80) != 0 ? 4 + ENTRY * before / 2 : out.capacity());
  }

  /** What the display was told last; empty: nothing. */
  byte[] described() {
    return described.clone();
  }

  /** Whether it has done what is right so far. */
  boolean honest() { return !lied; }

  /** One access. */
  long access(EfiAccess access) {
    if (access.address() < BASE || access.address() >= BASE + SIZE) {
      return access.kind() == EfiAccess.Kind.WRITE ? 0 : memory.get32(access.address());
    }
    int register = (int) (access.address() - BASE);
    if (access.kind() != EfiAccess.Kind.WRITE) {
      return register != 0 ? 0 : selected == 0 ? SIGNATURE : selected == 1 ? 3 : 0;
    }
    if (register == SELECTOR) {
      select(Short.reverseBytes((short) access.value()) & 0xFFFF);
    } else if (register == DMA) {
      request(Long.reverseBytes(access.value()));
    }
    return 0;
  }

  private void select(int now) {
    selected = now;
    offset = 0;
  }

  private void request(long at) {
    int how = input.next();
    lied |= (how & 7) >= 4;
    int control = Integer.reverseBytes((int) memory.get32(at));
    int length = Math.clamp(Integer.reverseBytes((int) memory.get32(at + 4)), 0, MOST);
    long address = Long.reverseBytes(memory.get64(at + 8));
    if ((control & SELECT) != 0) {
      select(control >>> 16);
    }
    if ((how & 7) == 7) {
      return;
    }
    boolean fails = (how & 7) == 4;
    if (!fails && (control & READ) != 0) {
      byte[] bytes = new byte[length];
      if (selected == DIRECTORY && offset < directory.length) {
        System.arraycopy(directory, offset, bytes, 0, Math.min(length, directory.length - offset));
      }
      byte[] said = (how & 7) == 6 ? input.take(how >> 3) : new byte[0];
      System.arraycopy(said, 0, bytes, 0, Math.min(said.length, length));
      memory.write(address, bytes);
    } else if (!fails && (control & WRITE) != 0) {
      fails = selected != key || length != DESCRIPTION;
      described = fails ? described : memory.read(address, length);
    }
    offset += length;
    memory.put32(at, (how & 7) == 5 ? input.next(4) : fails ? FAILED : 0);
  }
}
