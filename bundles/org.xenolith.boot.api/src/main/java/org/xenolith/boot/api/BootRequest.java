// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.platform.api.PlatformNode;

/**
 * What is to be started, and where there is room.
 *
 * @param kernel the kernel file
 * @param initrd the first root file system, as it is
 * @param commandLine the complete kernel command line
 * @param memory the machine's RAM
 * @param reserved parts of it that must stay untouched (reserved-memory nodes, spin-table release addresses)
 * @param modules files for the kernel to start in turn
 * @param deviceTreeCapacity room to keep for the device tree in bytes, at most 2 MiB; the tree is written after
 *        planning because it names the places that the plan chose
 * @param loadAddress where the user wants the kernel, a physical address, if its format leaves that open
 * @param entry where the user wants it to be entered, a physical address, if its format leaves that open
 * @param cpus the nodes of the machine's CPUs, whose options say what they can do; empty when that isn't known
 * @param rootPointer physical address of the ACPI RSDP, if firmware has put one there
 * @param options what the user has said that loaders may understand: texts by the option's name
 */
public record BootRequest(byte[] kernel, Optional<byte[]> initrd, String commandLine, List<MemoryRange> memory,
    List<MemoryRange> reserved, List<BootModule> modules, int deviceTreeCapacity, OptionalLong loadAddress,
    OptionalLong entry, List<PlatformNode> cpus, OptionalLong rootPointer, Map<String, List<String>> options) {
  /** The most that a kernel accepts for its device tree. */
  public static final int DEVICE_TREE_LIMIT = 2 << 20;

  public BootRequest {
    Objects.requireNonNull(kernel, "kernel");
    Objects.requireNonNull(initrd, "initrd");
    Objects.requireNonNull(commandLine, "commandLine");
    memory = List.copyOf(memory);
    reserved = List.copyOf(reserved);
    modules = List.copyOf(modules);
    Objects.requireNonNull(loadAddress, "loadAddress");
    Objects.requireNonNull(entry, "entry");
    cpus = List.copyOf(cpus);
    Objects.requireNonNull(rootPointer, "rootPointer");
    options = Map.copyOf(options);
  }

  /** A request without options. */
  public BootRequest(byte[] kernel, Optional<byte[]> initrd, String commandLine, List<MemoryRange> memory, List<MemoryRange> reserved,
      List<BootModule> modules, int deviceTreeCapacity, OptionalLong loadAddress, OptionalLong entry, List<PlatformNode> cpus,
      OptionalLong rootPointer) {
    this(kernel, initrd, commandLine, memory, reserved, modules, deviceTreeCapacity, loadAddress, entry, cpus, rootPointer, Map.of());
  }

  /** A request for a machine of which no firmware has put ACPI tables anywhere. */
  public BootRequest(byte[] kernel, Optional<byte[]> initrd, String commandLine, List<MemoryRange> memory, List<MemoryRange> reserved,
      List<BootModule> modules, int deviceTreeCapacity, OptionalLong loadAddress, OptionalLong entry, List<PlatformNode> cpus) {
    this(kernel, initrd, commandLine, memory, reserved, modules, deviceTreeCapacity, loadAddress, entry, cpus, OptionalLong.empty());
  }

  /** A request that leaves the place of the kernel to its loader, for CPUs of which nothing is known. */
  public BootRequest(byte[] kernel, Optional<byte[]> initrd, String commandLine, List<MemoryRange> memory,
      List<MemoryRange> reserved, List<BootModule> modules, int deviceTreeCapacity) {
    this(kernel, initrd, commandLine, memory, reserved, modules, deviceTreeCapacity, OptionalLong.empty(), OptionalLong.empty(), List.of());
  }

  /** A request without modules. */
  public BootRequest(byte[] kernel, Optional<byte[]> initrd, String commandLine, List<MemoryRange> memory,
      List<MemoryRange> reserved, int deviceTreeCapacity) {
    this(kernel, initrd, commandLine, memory, reserved, List.of(), deviceTreeCapacity);
  }

  /** The same with files for the kernel to start in turn. */
  public BootRequest withModules(List<BootModule> files) {
    return new BootRequest(kernel, initrd, commandLine, memory, reserved, files, deviceTreeCapacity, loadAddress, entry, cpus, rootPointer,
        options);
  }

  /** The same with what the user wants of the kernel's place. */
  public BootRequest withPlace(OptionalLong address, OptionalLong start) {
    return new BootRequest(kernel, initrd, commandLine, memory, reserved, modules, deviceTreeCapacity, address, start, cpus, rootPointer,
        options);
  }

  /** The same with parts of RAM that must stay untouched, in the place of those before. */
  public BootRequest withReserved(List<MemoryRange> ranges) {
    return new BootRequest(kernel, initrd, commandLine, memory, ranges, modules, deviceTreeCapacity, loadAddress, entry, cpus, rootPointer,
        options);
  }

  /** The same for CPUs with these nodes: a kernel made for others is refused. */
  public BootRequest withCpus(List<PlatformNode> nodes) {
    return new BootRequest(kernel, initrd, commandLine, memory, reserved, modules, deviceTreeCapacity, loadAddress, entry, nodes,
        rootPointer, options);
  }

  /** The same with the place of the ACPI RSDP. */
  public BootRequest withRootPointer(OptionalLong address) {
    return new BootRequest(kernel, initrd, commandLine, memory, reserved, modules, deviceTreeCapacity, loadAddress, entry, cpus, address,
        options);
  }

  /** The same with what the user has said besides. */
  public BootRequest withOptions(Map<String, List<String>> texts) {
    return new BootRequest(kernel, initrd, commandLine, memory, reserved, modules, deviceTreeCapacity, loadAddress, entry, cpus,
        rootPointer,
        texts);
  }

  /** A guest image with the user's words appended to its command line, and the full room for a device tree. */
  public static BootRequest of(GuestImage guest, String append, List<MemoryRange> memory) {
    String line = append.isBlank() ? guest.commandLine() : (guest.commandLine() + " " + append.strip()).strip();
    return new BootRequest(guest.kernel(), guest.initrd(), line, memory, List.of(), DEVICE_TREE_LIMIT);
  }
}
