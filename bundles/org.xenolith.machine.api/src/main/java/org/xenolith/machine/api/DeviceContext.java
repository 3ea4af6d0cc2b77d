// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.RegisterFaults;

/**
 * All that a model may use of its machine. Made by the core for one node and one life of a model; closing it (by the core)
 * undoes everything claimed through it. Claims are made in {@link DeviceModelFactory#create} only.
 */
@ProviderType
public interface DeviceContext {
  /** The node this device was made for; for a function behind a transport, the transport's node. */
  PlatformNode node();

  /** The whole platform: for what stands in for firmware or a hypervisor, which read the machine's description. */
  default Platform platform() {
    throw new ModelException(instance() + ": no platform to look at");
  }

  /** Unique name of the device in its machine: the node's path, for a function with its suffix. */
  String instance();

  /** An option's value: topology or command line, else the description's initial value. */
  boolean booleanOption(String name);

  /** An integer option's value. */
  long integerOption(String name);

  /** A text option's value. */
  String stringOption(String name);

  /**
   * Claims the window of the node's {@code reg} entry {@code index}.
   *
   * @throws ModelException if the node has no such entry
   */
  void window(int index, AccessRule rule, MmioHandler handler);

  /**
   * Claims the window of the node's {@code reg} entry {@code index} with memory behind it that is read directly.
   *
   * @param blank   value of the bytes that nobody has written, 0 to 255
   * @param rule    which accesses the handler sees; direct reads are of any size
   * @param handler answers writes, and reads while the window isn't direct, which it is not at first
   * @throws ModelException if the node has no such entry, or its window is no multiple of 4 KiB
   */
  default DirectWindow directWindow(int index, int blank, AccessRule rule, MmioHandler handler) {
    throw new ModelException(instance() + ": no memory for window " + index + " here");
  }

  /** Entries in the node's {@code reg}. */
  int windows();

  /**
   * The line of the node's {@code interrupts} entry {@code index}.
   *
   * @throws ModelException if the node has no such entry
   */
  InterruptLine interrupt(int index);

  /** Entries in the node's interrupts. */
  int interrupts();

  /** The line of entry {@code index} at CPU {@code cpu}'s private input (a PPI). */
  InterruptLine interrupt(int index, int cpu);

  /** Makes this device an interrupt controller: lines whose parent is this node arrive at {@code inputs}. */
  void interruptController(InterruptInputs inputs);

  /**
   * The specifiers by which the platform's nodes, enabled or not, name inputs of this node: what an interrupt controller must
   * have room for. Empty for other nodes.
   */
  List<InterruptSpecifier> incoming();

  /** Virtual time. */
  Clock clock();

  /**
   * An entry in the machine's event queue. Its deadline is saved and restored with the device's state by the core.
   *
   * @param name   unique in the device
   * @param action runs on the machine's thread when the deadline is reached; disarmed before it runs
   */
  Alarm alarm(String name, Runnable action);

  /**
   * Claims a window that isn't in the node's {@code reg}: what a bus bridge passes on to its bus ({@code ranges}). It may be within a
   * window of {@code reg}, or one of those within it: then the inner one has its bytes.
   *
   * @throws ModelException if it overlaps RAM, another device's window or a part of one of this device's
   */
  default void window(AddressWindow range, AccessRule rule, MmioHandler handler) {
    throw new ModelException(instance() + ": no window " + range + " here");
  }

  /**
   * The line from this device to an interrupt that isn't in the node's {@code interrupts}: of an {@code interrupt-map}, or one of a
   * range that the node has for messages.
   */
  default InterruptLine line(InterruptSpecifier specifier) {
    throw new ModelException(instance() + ": no line " + specifier + " here");
  }

  /** Access to memory as a bus master. */
  DmaPort dma();

  /**
   * Access to memory for one of several requesters behind this node, such as a function of a PCI bus: {@code iommu-map} and
   * {@code msi-map} of the node tell who it is for the SMMU and for message-signalled interrupts. Writes may reach windows that
   * take messages.
   *
   * @param requester its id behind this node; for PCI the requester id, 0 to 0xFFFF
   */
  default DmaPort dma(int requester) {
    return dma();
  }

  /** Messages of bus masters to the window of the node's {@code reg} entry {@code index} come here. The window must be claimed, too. */
  default void messages(int index, MessageInput input) {
    throw new ModelException(instance() + ": no messages here");
  }

  /** Makes this device the SMMU of requesters whose {@code iommu-map} or {@code iommus} name its node. */
  default void translator(DmaTranslator translator) {
    throw new ModelException(instance() + ": no translation here");
  }

  /** The CPUs of the machine in the order of their nodes. */
  List<? extends CpuPort> cpus();

  /**
   * Index of the CPU whose access is being answered, for registers that are banked by CPU (a bus carries this as the
   * initiator's identity); 0 when no CPU's access is being answered.
   */
  int initiator();

  /** Answers SMC and HVC firmware calls. */
  void firmware(SmcccHandler handler);

  /** Reset and power of the machine. */
  PowerPort power();

  /**
   * The permanent port of that type at this node, made on first request with the type's public no-argument constructor. It
   * is shared by everything at the node (a transport, the function behind it, the outside world) and outlives each of
   * them. A port that implements {@link PortState} is saved and restored with the machine, one that
   * is {@link AutoCloseable} is closed when the machine is.
   */
  <T> T port(Class<T> type);

  /**
   * The permanent port of that type at another node, such as the bus that this device is on.
   *
   * @throws ModelException if there is no such node
   */
  default <T> T port(String path, Class<T> type) {
    throw new ModelException(instance() + ": no port at " + path);
  }

  /** Reports guest accesses that the model does not cover, as events of this device. */
  RegisterFaults faults();

  /** The machine's event log. */
  EventLog events();

  /**
   * What the model gave to a port (a callback, a service of one subsystem to another) threw: takes the device off the bus,
   * and only it. For ports, which catch what they call.
   */
  default void failed(Throwable bug) {
    throw new ModelException(instance() + ": " + bug);
  }
}
