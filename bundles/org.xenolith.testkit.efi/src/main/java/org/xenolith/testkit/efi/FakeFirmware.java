// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;

/** Firmware for tests of layers: runs their functions to the end, step by step. Registers are a test's; a wait is over at once and moves the counter. */
public final class FakeFirmware implements Firmware {
  private static final long FUNCTIONS = 0x1_0000_0000L;
  private static final long FREQUENCY = 62_500_000;
  private static final int MOST_STEPS = 1 << 20;
  private static final int PAGE = 4096;
  private static final Set<BootService> BACK = EnumSet.of(BootService.FREE_POOL, BootService.FREE_PAGES, BootService.CLOSE_EVENT,
      BootService.UNINSTALL_PROTOCOL_INTERFACE);

  /** Registers of a test's device. */
  public interface Registers {
    /** One access; what is read. */
    long access(EfiAccess access);
  }

  private record Numbers(String layer, long[] values) {}

  private record Function(EfiLayer layer, String name) {}

  private final FakeRam ram = new FakeRam();
  private final FakeHandles handles = new FakeHandles();
  private final FakeEvents events = new FakeEvents();
  private final FakeFaults faults = new FakeFaults();
  private final Fdt tree;
  private final List<Function> functions = new ArrayList<>();
  private final Map<Long, EfiFunction> guests = new HashMap<>();
  private final Map<Long, Numbers> interfaces = new HashMap<>();
  private final TreeMap<Long, Long> pages = new TreeMap<>();
  private final Map<Long, ArrayDeque<Long>> freed = new HashMap<>();
  private final Map<BootService, Long> services = new HashMap<>();
  private final List<String> reports = new ArrayList<>();
  private Registers registers = access -> 0;
  private long counter = 1;
  private long next = FakeRam.BASE;
  private long stack = FakeRam.BASE + FakeRam.SIZE;
  /** How many functions are called by one another. */
  private int depth;

  /** Firmware of a machine with this tree. */
  public FakeFirmware(Fdt tree) {
    this.tree = tree;
    service(BootService.UNINSTALL_PROTOCOL_INTERFACE, call -> {
      handles.uninstall(call.argument(0), ram.guid(call.argument(1)), call.argument(2));
      return EfiStep.done();
    });
    service(BootService.CREATE_EVENT, events::create);
    service(BootService.CLOSE_EVENT, events::close);
    service(BootService.SIGNAL_EVENT, events::signal);
  }

  /** What goes wrong. */
  public FakeFaults faults() {
    return faults;
  }

  /** How many events are open, as far as a test hasn't made their services its own. */
  public int events() {
    return events.count();
  }

  /** CheckEvent: whether an event is signalled, which it isn't any more then. One that is waited for has its function called first. */
  public boolean signalled(long event) {
    return events.check(this, event);
  }

  /** What touches go to from now on. */
  public void registers(Registers device) {
    registers = device;
  }

  /** What was reported. */
  public List<String> reports() {
    return reports;
  }

  /** Pages and interfaces that are allocated. */
  public int allocated() {
    return pages.size() + interfaces.size();
  }

  /** Makes a function of the guest's; its address. */
  public long guest(EfiFunction function) {
    long address = FUNCTIONS / 2 + 16L * guests.size();
    guests.put(address, function);
    return address;
  }

  /** Makes a boot service one of a test's. */
  public void service(BootService service, EfiFunction function) {
    services.put(service, guest(function));
  }

  /** Calls a function as a guest does; what is in x0. */
  public long call(long address, long... arguments) {
    long before = stack;
    Running running = new Running(arguments);
    depth++;
    try {
      for (int steps = 0; steps < MOST_STEPS; steps++) {
        if (!guests.containsKey(address) && faults.refusesStep(steps)) {
          return EfiStatus.DEVICE_ERROR.code();
        }
        EfiStep step;
        try {
          step = function(address).next(running);
        } catch (EfiError e) {
          return e.status().code();
        }
        if (step instanceof EfiStep.Return done) {
          return done.value();
        }
        running.go(step);
      }
    } finally {
      stack = before;
      if (--depth == 0) {
        faults.stepOver();
      }
    }
    throw new IllegalStateException("a function takes " + MOST_STEPS + " steps and doesn't come to an end");
  }

  /** Nobody can undo anything if such a service fails. */
  private boolean givesBack(long function) {
    return BACK.stream().anyMatch(each -> services.getOrDefault(each, 0L) == function);
  }

  private EfiFunction function(long address) {
    if (guests.containsKey(address)) {
      return guests.get(address);
    }
    int number = (int) (address - FUNCTIONS);
    if (number < 0 || number >= functions.size()) {
      throw new EfiError(EfiStatus.UNSUPPORTED, "0x" + Long.toHexString(address) + ": no function");
    }
    EfiFunction found = functions.get(number).layer.function(functions.get(number).name);
    if (found == null) {
      throw new EfiError(EfiStatus.UNSUPPORTED, functions.get(number).name);
    }
    return found;
  }

  /** Asks a layer's driver whether it supports a controller and starts it; the status of that which failed, or 0. */
  public long connect(EfiLayer layer, long controller) {
    long supported = call(function(layer, "Supported"), binding(layer), controller, 0);
    return supported != 0 ? supported : call(function(layer, "Start"), binding(layer), controller, 0);
  }

  /** Stops a layer's driver, its children first. */
  public long disconnect(EfiLayer layer, long controller, long... children) {
    if (children.length != 0) {
      long list = room(8 * children.length);
      for (int i = 0; i < children.length; i++) {
        ram.put64(list + 8L * i, children[i]);
      }
      long status = call(function(layer, "Stop"), binding(layer), controller, children.length, list);
      if (status != 0) {
        return status;
      }
    }
    return call(function(layer, "Stop"), binding(layer), controller, 0, 0);
  }

  /** Where a layer's driver binding is. */
  public long binding(EfiLayer layer) {
    return handles.handles(Protocol.DRIVER_BINDING).stream().map(handle -> handles.find(handle, Protocol.DRIVER_BINDING)).filter(
        each -> interfaces.get(each).layer.equals(layer.name())).findFirst().orElseThrow();
  }

  /** Memory for a test's own use, never given back. */
  public long room(int bytes) {
    next = next + PAGE - 1 & -PAGE;
    long at = next;
    next += bytes;
    return at;
  }

  /** Makes bytes that are no memory, between two pages for a test's own use; where they begin. There can be one such gap. */
  public long gap(int bytes) {
    long at = room(PAGE) + PAGE;
    next += bytes;
    room(PAGE);
    ram.gap(at, bytes);
    return at;
  }

  private final class Running implements Call {
    private final long[] arguments;
    private final long[] numbers = new long[NUMBERS];
    private long[] accessed = {};
    private int step;
    private long result;

    Running(long[] arguments) {
      this.arguments = arguments;
    }

    private void go(EfiStep taken) {
      switch (taken) {
        case EfiStep.Go go -> step = go.next();
        case EfiStep.Wait wait -> {
          counter = Math.max(counter, wait.until());
          step = wait.next();
        }
        case EfiStep.Invoke invoke -> {
          step = invoke.next();
          boolean refused = guests.containsKey(invoke.function()) && !givesBack(invoke.function()) && faults.refusesCall();
          result = refused ? faults.answer() : FakeFirmware.this.call(invoke.function(), invoke.arguments());
        }
        case EfiStep.Post post -> {
          step = post.next();
          post.accesses().forEach(registers::access);
        }
        case EfiStep.Touch touch -> {
          step = touch.next();
          accessed = touch.accesses().stream().mapToLong(access -> faults.access(access, registers)).toArray();
        }
        case EfiStep.Return done -> throw new IllegalStateException();
      }
    }

    @Override
    public Firmware firmware() {
      return FakeFirmware.this;
    }

    @Override
    public int step() {
      return step;
    }

    @Override
    public long argument(int index) {
      return index < arguments.length ? arguments[index] : 0;
    }

    @Override
    public long result() {
      return result;
    }

    @Override
    public long accessed(int index) {
      return accessed[index];
    }

    @Override
    public long get(int index) {
      return numbers[index];
    }

    @Override
    public void set(int index, long value) {
      numbers[index] = value;
    }

    @Override
    public long room(int bytes) {
      stack = stack - bytes & -16;
      ram.clear(stack, bytes);
      return stack;
    }
  }

  @Override
  public EfiRam memory() {
    return ram;
  }

  @Override
  public void requireMemory(long address, long length) {
    ram.require(address, length);
  }

  @Override
  public Fdt tree() {
    return tree;
  }

  @Override
  public long counter() {
    return counter;
  }

  @Override
  public long frequency() {
    return FREQUENCY;
  }

  @Override
  public long pages(long count) {
    allocate();
    if (count < 0 || count > (stack - next) / PAGE - 1) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, count + " pages");
    }
    ArrayDeque<Long> again = freed.get(count);
    long at = again == null || again.isEmpty() ? room((int) count * PAGE) : again.remove();
    ram.clear(at, count * PAGE);
    pages.put(at, count);
    return at;
  }

  /** Takes parts of what was allocated, too, whoever did it, as FreePages does. */
  @Override
  public void freePages(long address, long count) {
    Map.Entry<Long, Long> of = pages.floorEntry(address);
    long before = of == null ? 0 : (address - of.getKey()) / PAGE;
    if (of == null || (address & PAGE - 1) != 0 || count <= 0 || count > of.getValue() - before) {
      throw new EfiError(EfiStatus.NOT_FOUND, "0x" + Long.toHexString(address) + ": " + count + " pages weren't allocated");
    }
    long behind = of.getValue() - before - count;
    pages.remove(of.getKey());
    if (before > 0) {
      pages.put(of.getKey(), before);
    }
    if (behind > 0) {
      pages.put(address + count * PAGE, behind);
    }
    freed.computeIfAbsent(count, key -> new ArrayDeque<>()).add(address);
  }

  private void allocate() {
    if (faults.refusesAllocation()) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, "a test's fault");
    }
  }

  @Override
  public long interfaceMemory(EfiLayer layer, int bytes, int numbers) {
    allocate();
    next = next + 15 & -16;
    long at = next;
    next += bytes;
    ram.clear(at, bytes);
    interfaces.put(at, new Numbers(layer.name(), new long[numbers]));
    return at;
  }

  /** Other interfaces of the layer of one that aren't of its kind, as they have another count of numbers. */
  public List<Long> otherKinds(long place) {
    Numbers of = interfaces.get(place);
    return of == null ? List.of() : interfaces.entrySet().stream().filter(each -> each.getValue().layer.equals(of.layer) && each
        .getValue().values.length != of.values.length).map(Map.Entry::getKey).sorted().toList();
  }

  @Override
  public long[] numbers(EfiLayer layer, long place) {
    Numbers found = interfaces.get(place);
    if (found == null || !found.layer.equals(layer.name())) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(place) + ": no interface of " + layer.name());
    }
    return found.values;
  }

  @Override
  public void dropInterface(EfiLayer layer, long place) {
    numbers(layer, place);
    interfaces.remove(place);
  }

  @Override
  public long function(EfiLayer layer, String name) {
    Function wanted = new Function(layer, name);
    if (!functions.contains(wanted)) {
      functions.add(wanted);
    }
    return FUNCTIONS + functions.indexOf(wanted);
  }

  @Override
  public long service(BootService service) {
    return services.getOrDefault(service, 0L);
  }

  @Override
  public long systemTable() {
    return FakeRam.BASE;
  }

  @Override
  public void consoles(long input, long output) {
    reports.add("consoles " + input + " " + output);
  }

  @Override
  public void report(String text) {
    reports.add(text);
  }

  @Override
  public long image() {
    return 1;
  }

  @Override
  public HandleDatabase handles() {
    return handles;
  }
}
