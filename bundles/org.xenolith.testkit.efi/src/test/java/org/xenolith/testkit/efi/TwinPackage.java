// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.testkit.efi.TwinHiiTest.Defect;

/** A package of a twin's list; one of strings has them read. */
final class TwinPackage {
  private static final int END = 0xDF;
  private static final int LANGUAGE = 46;
  private static final int SMALL = 10_000;

  private final Defect defect;
  private final ByteBuffer in;
  final int kind;
  /** What it has to have to be of a kind with another. */
  final EfiGuid guid;
  String language;
  /** Texts by their identifiers. */
  final TreeMap<Integer, String> texts = new TreeMap<>();
  private boolean changed;
  private int next = 1;

  TwinPackage(Defect defect, byte[] bytes) {
    this.defect = defect;
    in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    kind = bytes[3] & 0xFF;
    if (kind == HiiBench.GUID && bytes.length < HiiBench.PACKAGE_HEADER + EfiGuid.SIZE) {
      throw wrong("no room for a GUID");
    }
    guid = kind == HiiBench.GUID ? EfiGuid.ofBytes(bytes, HiiBench.PACKAGE_HEADER) : null;
    if (kind == HiiBench.STRINGS) {
      strings();
    }
  }

  static EfiError wrong(String what) {
    return new EfiError(EfiStatus.INVALID_PARAMETER, what);
  }

  /** The packages of a list in memory. */
  static List<TwinPackage> read(Defect defect, EfiRam memory, long place) {
    long length = memory.get32(place + EfiGuid.SIZE);
    if (defect == Defect.LENGTH_DOESNT_MATTER) {
      length = HiiBench.MOST;
    }
    if (length < HiiBench.LIST_HEADER || length > HiiBench.MOST) {
      throw wrong("a list of " + length + " bytes");
    }
    ByteBuffer list = ByteBuffer.wrap(memory.read(place, (int) length)).order(ByteOrder.LITTLE_ENDIAN);
    List<TwinPackage> all = new ArrayList<>();
    int at = HiiBench.LIST_HEADER;
    while (at + HiiBench.PACKAGE_HEADER <= length) {
      int size = list.getInt(at) & 0xFF_FFFF;
      if (size < HiiBench.PACKAGE_HEADER || size > length - at) {
        throw wrong("a package of " + size + " bytes");
      }
      if (list.getInt(at) >>> 24 == END) {
        if (at + size != length && defect != Defect.LENGTH_DOESNT_MATTER) {
          throw wrong("something behind the end");
        }
        return all;
      }
      all.add(new TwinPackage(defect, Arrays.copyOfRange(list.array(), at, at + size)));
      at += size;
    }
    if (defect == Defect.LIST_WITHOUT_AN_END) {
      return all;
    }
    throw wrong("a list without an end");
  }

  private boolean is(Defect wrong) {
    return defect == wrong;
  }

  private int take(int size) {
    if (in.remaining() < size) {
      throw wrong("a package ends in the middle");
    }
    return size == 1 ? in.get() & 0xFF : size == 2 ? in.getShort() & 0xFFFF : in.getInt();
  }

  private void from(int at) {
    if (at < LANGUAGE || at >= in.limit()) {
      throw wrong("nothing is at " + at);
    }
    in.position(at);
  }

  private void strings() {
    from(LANGUAGE);
    language = text(1, is(Defect.LANGUAGE_ENDS_WITH_ITS_PACKAGE));
    if (is(Defect.LANGUAGE_ENDS_WITH_ITS_PACKAGE) && !in.hasRemaining()) {
      add("");
      return;
    }
    from(in.getInt(8));
    for (int block = take(1); block != 0;) {
      block(block);
      block = is(Defect.TEXT_ENDS_WITH_ITS_PACKAGE) && !in.hasRemaining() ? 0 : take(1);
    }
  }

  private void block(int block) {
    switch (block) {
      case 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17 -> texts(block);
      case 0x20 -> {
        int id = take(2);
        if (!texts.containsKey(id) && !is(Defect.DUPLICATE_OF_ITSELF_IS_EMPTY)) {
          throw wrong("again what isn't there");
        }
        add(is(Defect.DUPLICATE_IS_SKIPPED) ? null : texts.getOrDefault(id, ""));
      }
      case 0x21, 0x22 -> {
        int count = take(block == 0x21 ? 2 : 1);
        next += is(Defect.SKIPS_NOTHING) ? 0 : is(Defect.SKIPS_ONE) ? 1 : count;
      }
      case 0x30, 0x31, 0x32 -> {
        take(1);
        int size = 1 << block - 0x30;
        long rest = (take(size) & 0xFFFF_FFFFL) - (is(Defect.HEADER_ISNT_COUNTED) ? 0 : 2 + size);
        if (rest < 0 || rest > in.remaining()) {
          throw wrong("a block of another length");
        }
        in.position(in.position() + (int) rest);
      }
      default -> throw wrong("block " + block);
    }
  }

  private void texts(int block) {
    int size = block < 0x14 ? 1 : 2;
    if (size == 1 && is(Defect.TEXT_OF_BYTES_IS_UNKNOWN)) {
      throw wrong("block " + block);
    }
    if ((block & 1) != 0 && !is(Defect.FONT_IS_TEXT)) {
      take(1);
    }
    int count = (block & 2) != 0 ? take(2) : 1;
    for (int i = 0; i < (is(Defect.MANY_ARE_ONE) ? 1 : count); i++) {
      add(text(size, is(Defect.TEXT_ENDS_WITH_ITS_PACKAGE)));
    }
  }

  private String text(int size, boolean endsAnyway) {
    StringBuilder text = new StringBuilder();
    while (!endsAnyway || in.remaining() >= size) {
      int each = take(size);
      if (each == 0) {
        break;
      }
      text.append((char) each);
    }
    return is(Defect.LARGE_TEXT_IS_CUT) && text.length() > SMALL ? text.substring(0, SMALL) : text.toString();
  }

  private void add(String text) {
    if (text != null) {
      texts.put(next, text);
    }
    next++;
  }

  /** The largest identifier. */
  int last() {
    return next - 1;
  }

  void set(int id, String text) {
    String before = texts.put(id, text);
    if (is(Defect.DUPLICATES_CHANGE_TOO) && before != null) {
      texts.replaceAll((key, each) -> each.equals(before) ? text : each);
    }
    next = Math.max(next, id + 1);
    changed = true;
  }

  /** As it came, if nothing has changed. */
  byte[] bytes() {
    if (!changed || is(Defect.NEW_ISNT_EXPORTED)) {
      return in.array();
    }
    ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    Map<String, Integer> before = new HashMap<>();
    int id = 1;
    for (Map.Entry<Integer, String> each : texts.entrySet()) {
      if (each.getKey() > id) {
        number(blocks, 0x21, each.getKey() - id);
      }
      Integer same = before.putIfAbsent(each.getValue(), each.getKey());
      if (same != null) {
        number(blocks, 0x20, same);
      } else {
        blocks.write(0x14);
        blocks.writeBytes((each.getValue() + '\0').getBytes(StandardCharsets.UTF_16LE));
      }
      id = each.getKey() + 1;
    }
    blocks.write(0);
    return HiiBench.strings(language, blocks.toByteArray());
  }

  private static void number(ByteArrayOutputStream blocks, int block, int number) {
    blocks.write(block);
    blocks.write(number);
    blocks.write(number >> 8);
  }
}
