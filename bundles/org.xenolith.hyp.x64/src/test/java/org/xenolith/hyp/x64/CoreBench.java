// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeX64Cpu;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

/** The core on one x86-64 CPU, with a domain of several virtual CPUs that make hypercalls. */
final class CoreBench {
  static final long PAGE = FakeHypervisor.GUEST_RAM;
  final FakeHypervisor hypervisor = new FakeHypervisor(1);
  final DeviceModel model;
  final Domain domain;

  CoreBench(int vcpus) {
    hypervisor.cpu(0).platformObjects(new X64TestMachine(cpu -> null).cpu, new FakeX64Cpu());
    model = hypervisor.install("core", new X64HypervisorComponent());
    for (int neutral : new int[] {HypercallNumber.__HYPERVISOR_vcpu_op, HypercallNumber.__HYPERVISOR_hvm_op}) {
      // Who serves the rest of it is another subsystem; it knows none of those that the core adds.
      hypervisor.port(HypercallsPort.class).claim(neutral, call -> -XenErrno.XEN_ENOSYS, hypervisor.context("core"));
    }
    domain = hypervisor.port(DomainsPort.class).domains().create(-1, new DomainSpec("one", new UUID(1, 2), vcpus, 100, DomainSpec.Kind.DOMU,
        31,
        512, 50));
    if (hypervisor.p2m().populate(domain, PAGE >>> 12, 4) != 0) {
      throw new AssertionError("no memory");
    }
    vcpu(0).powerOn(0, 0);
  }

  /** As the core has it now: of a record that was restored it is another object. */
  X64GuestVcpu vcpu(int id) {
    return (X64GuestVcpu) hypervisor.port(DomainsPort.class).domains().byId(domain.id()).vcpu(id);
  }

  /** Domain's first virtual CPU makes a hypercall. */
  long call(int number, long... arguments) {
    long[] given = new long[5];
    System.arraycopy(arguments, 0, given, 0, arguments.length);
    return hypervisor.port(HypercallsPort.class).dispatch(new Call(number, given));
  }

  /** What is in the hypervisor's log. */
  String log() {
    HypervisorLogPort log = hypervisor.port(HypervisorLogPort.class);
    byte[] all = new byte[(int) log.end()];
    for (int i = 0; i < all.length; i++) {
      all[i] = log.at(i);
    }
    return new String(all, StandardCharsets.US_ASCII);
  }

  private final class Call implements Hypercall {
    private final int number;
    private final long[] arguments;

    Call(int number, long[] arguments) {
      this.number = number;
      this.arguments = arguments;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public long argument(int index) {
      return arguments[index];
    }

    @Override
    public void argument(int index, long value) {
      arguments[index] = value;
    }

    @Override
    public int wordSize() {
      return 8;
    }

    @Override
    public X64GuestVcpu vcpu() {
      return CoreBench.this.vcpu(0);
    }

    @Override
    public Domain domain() {
      return domain;
    }

    @Override
    public boolean read(long address, byte[] to, int offset, int length) {
      return domain.memory().read(address, to, offset, length);
    }

    @Override
    public boolean write(long address, byte[] from, int offset, int length) {
      return domain.memory().write(address, from, offset, length);
    }

    @Override
    public void again() {
      throw new AssertionError("nothing here is made again");
    }
  }
}
