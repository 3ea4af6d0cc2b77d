// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.VariableName;

/** Operations on EFI's runtime services, pseudo-random and always the same: what was done depends on no answer. */
final class EfiScript {
  private static final int[] ATTRIBUTES = {7, 7, 7, 7, 3, 6, 2, 0x27, 0x0F, 4, 1, 0x17, 0x87, 0x100};
  private static final EfiGuid[] VENDORS = {EfiGuid.GLOBAL_VARIABLE, EfiGuid.IMAGE_SECURITY_DATABASE,
      EfiGuid.of("12345678-9abc-def0-1234-56789abcdef0")};
  private static final String[] NAMES = {"Boot0000", "BootOrder", "V", "SecureBoot", "PK", "db", "\u00e4\u4e2d\ud800", "",
      "N".repeat(60)};
  private static final int MOST_NAMES = 60;

  private EfiScript() {}

  /** Executes so many operations. @return each with its answer */
  static List<String> run(long seed, int operations, EfiWay way) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> told = new ArrayList<>();
    for (int i = 0; i < operations; i++) {
      told.add(i + " " + operation(random, way));
    }
    told.add("at the end " + names(way, 1024));
    return told;
  }

  private static String operation(SplittableRandom random, EfiWay way) {
    VariableName name = new VariableName(NAMES[random.nextInt(NAMES.length)], VENDORS[random.nextInt(VENDORS.length)]);
    int attributes = ATTRIBUTES[random.nextInt(ATTRIBUTES.length)];
    byte[] data = new byte[random.nextInt(5) == 0 ? random.nextInt(3000) : random.nextInt(40)];
    random.nextBytes(data);
    byte[] time = time(random);
    return switch (random.nextInt(24)) {
      case 0 -> "getTime: " + way.getTime();
      case 1 -> "setTime: " + way.setTime(time);
      case 2 -> "getWakeupTime: " + way.getWakeupTime();
      case 3 -> "setWakeupTime: " + way.setWakeupTime(true, time);
      case 4 -> "setWakeupTime as it was: " + way.setWakeupTime(true, null);
      case 5 -> "no alarm: " + way.setWakeupTime(false, random.nextBoolean() ? time : null);
      case 6 -> "count: " + way.count();
      case 7 -> "query " + Integer.toHexString(attributes) + ": " + way.query(attributes);
      case 8 -> "delete " + name + ": " + way.set(name, 7, new byte[0]);
      case 9 -> "delete " + name + ": " + way.set(name, 0, data);
      case 10, 11 -> "append " + name + ": " + way.set(name, attributes | 0x40, data);
      case 12 -> "all: " + names(way, 1024);
      case 13 -> "all, in little room: " + names(way, 20);
      case 14 -> "next of " + name + ": " + way.next(name, random.nextInt(200));
      case 15 -> "capsule: " + way.capsule(Arrays.copyOf(data, 28));
      case 16, 17, 18 -> "get " + name + ": " + way.get(name, random.nextInt(3) == 0 ? 4096 : random.nextInt(50));
      default -> "set " + name + " " + Integer.toHexString(attributes) + " " + data.length + ": " + way.set(name, attributes, data);
    };
  }

  /** Any bytes now and then, and else a time that is valid or almost. */
  private static byte[] time(SplittableRandom random) {
    byte[] any = new byte[EfiTime.SIZE];
    random.nextBytes(any);
    int year = 1998 + random.nextInt(120);
    EfiTime time = new EfiTime(year, random.nextInt(14), random.nextInt(32), random.nextInt(25), random.nextInt(60),
        random.nextInt(60), 0, 0, random.nextInt(4) == 0 ? 60 : EfiTime.UNSPECIFIED, random.nextInt(4), 0);
    return random.nextInt(5) == 0 ? any : time.toBytes();
  }

  /** Enumerates from the first name on, until there is no next one or no room for it. */
  private static String names(EfiWay way, int room) {
    StringBuilder all = new StringBuilder();
    VariableName previous = new VariableName("", EfiGuid.GLOBAL_VARIABLE);
    for (int i = 0; i < MOST_NAMES; i++) {
      String answer = way.next(previous, room);
      all.append(answer).append("; ");
      if (!answer.startsWith("0 ")) {
        break;
      }
      String next = answer.substring(answer.indexOf(' ', 2) + 1);
      int vendor = next.length() - 36;
      previous = new VariableName(next.substring(0, vendor - 1), EfiGuid.of(next.substring(vendor)));
    }
    return all.toString();
  }
}
