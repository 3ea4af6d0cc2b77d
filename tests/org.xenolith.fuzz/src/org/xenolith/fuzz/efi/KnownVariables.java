// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.VariableServices;

/**
 * What variables there must be, by what was answered so far. What needs a signature is taken as it is found: an attack has no key, and
 * what a list of signatures becomes is a unit test's to judge.
 */
final class KnownVariables {
  private static final int NON_VOLATILE = 1;
  private static final int ACCESS = 6;
  private static final int RUNTIME = 4;
  private static final int TIMED = 0x20;
  private static final int APPEND = 0x40;
  private static final int MOST = 4096;
  private static final long ROOM = Long.MAX_VALUE;
  private static final int NAME_ROOM = 4096;
  /** The firmware's own, and those that others follow from. */
  private static final Set<String> OPAQUE = Set.of("SetupMode", "SecureBoot", "SignatureSupport", "VendorKeys", "PK", "KEK", "db", "dbx",
      "dbt", "dbr");

  private record Value(int attributes, String data) {
    boolean seen(boolean runTime) {
      return !runTime || (attributes & RUNTIME) != 0;
    }
  }

  private final Map<VariableName, Value> present = new LinkedHashMap<>();
  private final Map<VariableName, Set<Value>> ever = new LinkedHashMap<>();
  /** What writes that failed since the last good one would have made of variables, null for nothing: the disk may have it. */
  private final Map<VariableName, Set<Value>> failed = new LinkedHashMap<>();
  private boolean runTime;
  /** Whether the disk was damaged: then any value that there ever was may be back, and any may be missing. */
  private boolean damaged;
  private int counter;

  private static boolean opaque(VariableName name) {
    return OPAQUE.contains(name.text());
  }

  /** After a write was answered. */
  void wrote(VariableName name, int attributes, byte[] data, EfiStatus status, VariableServices store) {
    Value before = present.get(name);
    boolean timed = (attributes & TIMED) != 0 || before != null && (before.attributes & TIMED) != 0;
    if (opaque(name) || timed) {
      if (before == null || before.seen(runTime)) {
        found(name, store);
      }
      return;
    }
    Value after = after(before, attributes, data);
    if (status == EfiStatus.SUCCESS) {
      put(name, after);
      if (((before == null ? 0 : before.attributes) | (after == null ? 0 : after.attributes)) % 2 == NON_VOLATILE) {
        failed.clear();
      }
    } else if (status == EfiStatus.DEVICE_ERROR) {
      failed.computeIfAbsent(name, key -> new HashSet<>()).add(after);
      ever.computeIfAbsent(name, key -> new HashSet<>()).add(after);
    }
  }

  private static Value after(Value before, int attributes, byte[] data) {
    boolean append = (attributes & APPEND) != 0;
    if ((attributes & ACCESS) == 0 || data.length == 0 && !append) {
      return null;
    }
    String hex = HexFormat.of().formatHex(data);
    return data.length == 0 ? before : new Value(attributes & ~APPEND, append && before != null ? before.data + hex : hex);
  }

  private void put(VariableName name, Value value) {
    if (value == null) {
      present.remove(name);
    } else {
      present.put(name, value);
      ever.computeIfAbsent(name, key -> new HashSet<>()).add(value);
    }
  }

  /** A variable is taken as it is. */
  private void found(VariableName name, VariableServices store) {
    VariableAnswer answer = store.getVariable(name, ROOM);
    put(name, answer.status() == EfiStatus.SUCCESS ? new Value(answer.attributes(), HexFormat.of().formatHex(answer.data())) : null);
  }

  void runTime() {
    runTime = true;
  }

  void damaged() {
    damaged = true;
    counter = 0;
  }

  /** The machine was reset: what is volatile is gone, what the disk had is there. */
  List<String> reset(VariableServices store) {
    runTime = false;
    present.values().removeIf(value -> (value.attributes & NON_VOLATILE) == 0);
    List<String> wrong = new ArrayList<>();
    if (damaged) {
      List<VariableName> names = names(store, wrong);
      present.clear();
      names.forEach(name -> {
        VariableAnswer answer = store.getVariable(name, ROOM);
        Value value = new Value(answer.attributes(), HexFormat.of().formatHex(answer.data()));
        if (!opaque(name) && !ever.getOrDefault(name, Set.of()).contains(value)) {
          wrong.add(name + " is " + value + " after damage, which it never was");
        }
        put(name, value);
      });
      damaged = false;
    }
    failed.forEach((name, wanted) -> {
      VariableAnswer answer = store.getVariable(name, ROOM);
      Value value = answer.status() == EfiStatus.SUCCESS ? new Value(answer.attributes(), HexFormat.of().formatHex(answer.data())) : null;
      if (wanted.contains(value)) {
        put(name, value);
      }
    });
    failed.clear();
    return wrong;
  }

  /** After the counter was asked for: no number comes twice, unless damage made the disk forget it. */
  List<String> counted(EfiStatus status, int high) {
    if (status != EfiStatus.SUCCESS) {
      return List.of();
    }
    boolean again = Integer.compareUnsigned(high, counter) <= 0;
    counter = high;
    return again ? List.of("the monotonic counter is " + high + " again") : List.of();
  }

  private static List<VariableName> names(VariableServices store, List<String> wrong) {
    List<VariableName> names = new ArrayList<>();
    NameAnswer next = store.getNextVariableName(new VariableName("", EfiGuid.GLOBAL_VARIABLE), NAME_ROOM);
    while (next.status() == EfiStatus.SUCCESS && names.size() < MOST) {
      if (names.contains(next.name())) {
        wrong.add(next.name() + " is enumerated twice");
        return names;
      }
      if (next.size() != next.name().bytes()) {
        wrong.add(next.name() + " is said to have " + next.size() + " bytes");
      }
      names.add(next.name());
      next = store.getNextVariableName(next.name(), NAME_ROOM);
    }
    if (next.status() != EfiStatus.NOT_FOUND) {
      wrong.add("the enumeration ends with " + next.status());
    }
    return names;
  }

  /** What is wrong with what the store has. */
  List<String> differences(VariableServices store) {
    List<String> wrong = new ArrayList<>();
    List<VariableName> expected = present.entrySet().stream().filter(e -> !opaque(e.getKey()) && e.getValue().seen(runTime))
        .map(Map.Entry::getKey).toList();
    List<VariableName> names = names(store, wrong).stream().filter(name -> !opaque(name)).toList();
    if (!new HashSet<>(expected).equals(new HashSet<>(names))) {
      wrong.add("there are " + names + " where " + expected + " should be");
    }
    present.forEach((name, value) -> {
      if (!opaque(name)) {
        VariableAnswer answer = store.getVariable(name, ROOM);
        String is = answer.status() == EfiStatus.SUCCESS ? Integer.toHexString(answer.attributes()) + " "
            + HexFormat.of().formatHex(answer.data()) : answer.status().toString();
        String should = value.seen(runTime) ? Integer.toHexString(value.attributes) + " " + value.data : EfiStatus.NOT_FOUND.toString();
        if (!is.equals(should)) {
          wrong.add(name + " is " + brief(is) + ", should be " + brief(should));
        }
        int size = value.data.length() / 2;
        if (value.seen(runTime) && size > 0 && store.getVariable(name, size - 1).status() != EfiStatus.BUFFER_TOO_SMALL) {
          wrong.add(name + " fits where it can't");
        }
      }
    });
    return wrong;
  }

  private static String brief(String value) {
    return value.length() < 100 ? value : value.substring(0, 100) + "… of " + value.length() + " characters";
  }
}
