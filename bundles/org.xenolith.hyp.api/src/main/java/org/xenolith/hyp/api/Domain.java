// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.platform.api.AddressWindow;

/** One domain as subsystems see it. */
@ProviderType
public interface Domain {
  /** Its domid; used again after it is gone. */
  int id();

  /** A number that no other domain of this machine ever has, from 1. */
  int serial();

  /** Its name. */
  String name();

  /** Renames it. */
  void name(String name);

  /** Its UUID. */
  UUID handle();

  /** Sets its UUID. */
  void handle(UUID handle);

  /** What it is. */
  DomainSpec.Kind kind();

  /** Which devices it has that the hypervisor emulates: flags whose meaning is the architecture's, as {@link DomainSpec#emulation()}. */
  int emulation();

  /** Whether it may control others: Dom0 and the service domain. */
  default boolean privileged() {
    return kind() != DomainSpec.Kind.DOMU;
  }

  /** Whether a guest frame of its RAM is the machine frame of the same number. */
  default boolean directMapped() {
    return kind() == DomainSpec.Kind.DOM0;
  }

  /** Its virtual CPUs in order. */
  List<? extends Vcpu> vcpus();

  /** The virtual CPU of that number, or null. */
  default @Nullable Vcpu vcpu(int id) {
    return id >= 0 && id < vcpus().size() ? vcpus().get(id) : null;
  }

  /** Where it is in its life. */
  DomainState state();

  /** Why it shut down: {@code SHUTDOWN_*} of {@code sched.h}; -1 while it didn't. */
  int shutdownReason();

  /** How often it is paused by control; it runs only at 0. */
  int pauseCount();

  /** It runs until the matching {@link #unpause} no more. */
  void pause();

  /** Takes one {@link #pause} back; a domain that was being built runs now. */
  void unpause();

  /** It ends itself, or a tool ends it, for a reason {@code SHUTDOWN_*}. */
  void shutdown(int reason);

  /** Machine address of its shared_info page (public header {@code xen.h}). */
  long sharedInfo();

  /** Where things are in that page, and in a vcpu_info. */
  SharedLayout sharedLayout();

  /**
   * It has just done what says which layout its kernel knows: set up its hypercalls, or the interrupt of its events. From now on what it shares with the hypervisor, its
   * run states among it, is laid out for words of that size; nothing is converted. A core that has one layout ignores it.
   *
   * @param wordSize as {@link Hypercall#wordSize}
   */
  default void latch(int wordSize) {}

  /** Its memory map as it finds it by XENMEM_memory_map: entries of the BIOS call E820, 20 bytes each; empty unless it has been told. */
  default byte[] memoryMap() {
    return new byte[0];
  }

  /** Tells its memory map: who builds the domain says it, and XENMEM_set_memory_map another one. A core without such maps ignores it. */
  default void memoryMap(byte[] entries) {}

  /** INTID of the PPI by which it hears of events. */
  int eventInterrupt();

  /** Guest-physical room, in whole pages, that its builder keeps free for grant frames; null if none has been told. */
  @Nullable
  AddressWindow grantRegion();

  /** That room is kept free for grant frames; who builds the domain says so, with or without a tree that tells it. */
  void grantRegion(AddressWindow region);

  /** Most pages it may own. */
  long maxPages();

  /** Sets the most pages it may own. */
  void maxPages(long pages);

  /** Parameter {@code HVM_PARAM_*}; 0 unless set. */
  long parameter(int index);

  /** Sets a parameter {@code HVM_PARAM_*}. */
  void parameter(int index, long value);

  /** Share of CPU time. */
  int weight();

  /** Most CPU time in percent of one CPU; 0 for no cap. */
  int cap();

  /** Sets share and cap. */
  void schedule(int weight, int cap);

  /** Memory by intermediate physical address: what isn't mapped reads as zero and takes no writes. */
  DomainMemory memory();

  /** What of the machine it may have. */
  HardwarePermissions permissions();

  /** Virtual nanoseconds that its virtual CPUs have executed, all together. */
  long cpuTime();
}
