// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.fdt.Fdt;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;

/**
 * Has a say in how machines are launched; an OSGi service. A hypervisor is one: it edits the board's tree before the machine
 * is built and starts its first domain in the place of the kernel. Shapers take part in the order of their service ranking,
 * highest first. Exceptions for the user are {@link org.xenolith.command.api.BadInput}.
 */
@ConsumerType
public interface LaunchShaper {
  /** Whether it takes part in this launch; otherwise nothing else of it is called. */
  boolean serves(LaunchRequest request);

  /**
   * What it needs of a board that is made to measure, by names that boards define; what the request says itself comes first. Not called
   * for a snapshot.
   */
  default Map<String, String> boardOptions(LaunchRequest request) {
    return Map.of();
  }

  /**
   * What it needs of the model of each CPU, by names of its options; what the option {@code set} says of one comes first. Not called for a
   * snapshot.
   */
  default Map<String, String> cpuOptions(LaunchRequest request) {
    return Map.of();
  }

  /**
   * Edits the board's tree before the machine is built from it. Not called for a snapshot, whose tree has its shape.
   *
   * @param tree    the board's, or what an earlier shaper made of it
   * @param request what was asked for
   */
  default Fdt shape(Fdt tree, LaunchRequest request) {
    return tree;
  }

  /**
   * Disks that it has at nodes of its own, by the texts of their {@linkplain org.xenolith.block.api.BlockPlace places}, each as the option {@code
   * disk} has them. Called once for a machine, for a
   * snapshot's too.
   */
  default Map<String, String> disks(LaunchRequest request) {
    return Map.of();
  }

  /** The same where it depends on the board what nodes there are. Unless this is overridden it is what {@link #disks(LaunchRequest)} gives. */
  default Map<String, String> disks(Platform platform, LaunchRequest request) {
    return disks(request);
  }

  /**
   * The same where their files may have to be fetched or made, which takes longer than a person waits without a word. Unless this is overridden it is what
   * {@link #disks(Platform, LaunchRequest)} gives.
   *
   * @param progress hears what is being done
   */
  default Map<String, String> disks(Platform platform, LaunchRequest request, ProgressListener progress) {
    return disks(platform, request);
  }

  /**
   * Whether it starts something of its own where the request names no guest and no kernel, as firmware does that finds its system on a
   * disk, and a hypervisor without a Dom0: then none is fetched. Not called for a snapshot.
   */
  default boolean startsAlone(LaunchRequest request) {
    return false;
  }

  /**
   * Loads and starts what is to run, or leaves that to the next shaper and in the end to the boot loader, which starts the
   * kernel bare metal; unless this is overridden it leaves that. The machine is built, its disks are attached, nothing is loaded.
   *
   * @param machine  the machine
   * @param platform what it was built from; the guest's tree is its {@code source()} with {@link Machine#unmodelled} disabled
   * @param image    the guest; empty if the request names none and somebody {@link #startsAlone}
   * @param request  what was asked for; its option {@code append} holds all words to add to the guest's own command line
   * @return whether it has loaded and started the machine
   */
  default boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request) {
    return false;
  }

  /**
   * The same on a board that firmware may describe. Who starts what reads the description, as a hypervisor does, has it
   * {@linkplain BoardDescription#load loaded} first, and puts nothing where it is.
   *
   * @param description what {@link #describe} gave; empty if the board is described by its device tree alone
   */
  default boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request,
      Optional<BoardDescription> description) {
    return start(machine, platform, image, request);
  }

  /**
   * Describes the board to what is started in another way than by its device tree, as firmware does that has ACPI. Called at each start,
   * before anything is loaded; the first that gives a description is heard.
   *
   * @param tree what the kernel would be given, without the command line; devices that no model serves are disabled in it
   */
  default Optional<BoardDescription> describe(Machine machine, Platform platform, Fdt tree, LaunchRequest request) {
    return Optional.empty();
  }

  /**
   * Prepares a machine to continue a snapshot: takes its place in it, starts nothing. The records are restored afterwards.
   *
   * @return whether it did what {@link #start} did when the snapshot's machine was launched
   */
  default boolean resume(Machine machine, Platform platform, LaunchRequest request) {
    return false;
  }

  /**
   * Opens what the machine has outside: networks of the host. What it was connected with when it goes on from a snapshot isn't there any
   * more, which its guest must find out, and people are told. Called once, before the first run, and not at all where a journal is replayed, nor for a fork.
   *
   * @param told hears what people should know, in sentences; any thread
   * @return ends it, before the machine is closed
   * @throws org.xenolith.command.api.BadInput if it can't be opened
   */
  default Runnable connect(Machine machine, LaunchRequest request, Consumer<String> told) {
    return () -> {};
  }

  /**
   * The same for a fork, which has nothing outside, as it would bring its own answers to what another machine asked: has its guest find
   * that out. Called in the place of {@link #connect}, and once more each time the fork goes back to where it began.
   *
   * @return ends it, before the machine is closed or goes back
   */
  default Runnable cutOff(Machine machine, LaunchRequest request, Consumer<String> told) {
    return () -> {};
  }

  /**
   * Path of the node of the console of what it starts, after {@link #start} or {@link #resume}; empty if that is the board's, as of a
   * kernel on bare metal.
   */
  default Optional<String> console(Machine machine) {
    return Optional.empty();
  }
}
