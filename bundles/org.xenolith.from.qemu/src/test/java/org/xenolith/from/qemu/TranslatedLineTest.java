// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;

/** What single options become. */
class TranslatedLineTest {
  private static final String ARM = "qemu-system-aarch64 -M virt -kernel K ";
  /** An option of QEMU's, and ours. */
  private static final String COUNTERPARTS = """
      -m 1G => --memory 1G
      -m 2048 => --memory 2048
      -smp 4,sockets=2 => --cpus 4
      -smp sockets=2,cores=2 => --cpus 4
      -M gic-version=3 => --gic 3
      -machine virtualization=on => --el2
      -M iommu=smmuv3 -M its=off => --iommu smmuv3 --option its=off
      -cpu cortex-a72 => --cpu cortex-a72
      -initrd I -append 'a b' => --initrd I --append a b
      -s => --gdb
      -s -S => --gdb=halted
      -gdb tcp:127.0.0.1:4321 -S => --gdb=4321,halted
      -no-reboot => --on-reset stop
      -semihosting => --semihosting
      -drive file=d.img,if=none,id=d -device virtio-blk-device,drive=d => --disk d.img,write
      -snapshot -drive file=d.img,if=none,id=d -device virtio-blk-device,drive=d => --disk d.img
      -drive file=d.img,if=none,id=d,readonly=on -device virtio-blk-pci,drive=d => --pcie ecam --pci 1.0=virtio --disk d.img,readonly,pci=1.0
      -M gic-version=3 -drive file=d.img,if=virtio => --gic 3 --pci 1.0=virtio --disk d.img,write,pci=1.0
      -blockdev driver=file,filename=d.img,node-name=f -blockdev driver=raw,file=f,node-name=d -device nvme,drive=d => --pcie ecam --pci 1.0=nvme --disk d.img,write,pci=1.0
      -device virtio-scsi-device -drive file=d.img,if=none,id=d -device scsi-hd,drive=d => --disk d.img,write,scsi
      -cdrom c.iso => --disk c.iso,readonly,cdrom
      -device virtio-rng-device => --rng
      -netdev user,id=n,restrict=on -device virtio-net-device,netdev=n,mac=52:54:00:00:00:01 => --nic=user,restrict=on,mac=52:54:00:00:00:01
      -nic user,model=virtio,hostfwd=tcp::22-:22,hostfwd=udp::53-:53 => --pcie ecam --pci 1.0=virtio --nic=user,hostfwd=tcp::22-:22,hostfwd=udp::53-:53,pci=1.0
      -netdev stream,id=n,addr.type=unix,addr.path=/s -device virtio-net-device,netdev=n => --nic=stream=/s
      -netdev stream,id=n,server=on,addr.type=unix,addr.path=/s -device virtio-net-device,netdev=n => --nic=stream=/s,server=on
      -object filter-dump,id=d,netdev=n,file=a.pcap -netdev user,id=n -device virtio-net-device,netdev=n,mac=52:54:00:00:00:01 => --nic=user,mac=52:54:00:00:00:01,pcap=a.pcap
      -nic tap,id=n,ifname=t,model=virtio-net-device -object filter-dump,id=d,netdev=n,file=f.pcap => --nic=tap=t,pcap=f.pcap
      -object rng-random,id=r,filename=/dev/urandom -netdev user,id=n -device virtio-net-device,netdev=n => --nic=user
      -fsdev local,id=f,path=/srv,security_model=none,readonly=on -device virtio-9p-device,fsdev=f,mount_tag=t => --share /srv,readonly,tag=t
      -virtfs local,path=/srv,mount_tag=t,security_model=none,id=f => --pcie ecam --pci 1.0=virtio --share /srv,tag=t,pci=1.0
      -device guest-loader,addr=0x49000000,kernel=Image,bootargs='a=b c' -device guest-loader,addr=0x4a000000,initrd=I => --module kernel=Image,a=b c --module ramdisk=I
      """;
  /** An option that has none, and the reason. */
  private static final String MISSING = """
      -device usb-kbd => missing: -device usb-kbd: there is no USB
      -M secure=on => missing: -machine secure=on: the secure world isn't modelled
      -device made-up,x=1 => missing: -device made-up,x=1: there is no model of it
      -netdev socket,id=n,listen=:1 => a card connects by a UNIX socket
      -fsdev local,id=f,path=/a,,b => missing: -fsdev local,id=f,path=/a,,b: --share takes no path with a comma
      -fsdev synth,id=f => a folder of the host is shared as 'local,path=PATH' is
      -device virtio-9p-pci,fsdev=f => missing: -device virtio-9p-pci,fsdev=f: there is no folder 'f' in this line
      -device vhost-user-fs-pci,chardev=c => --share PATH shows a folder by 9P
      -object filter-dump,id=d,netdev=m,file=F -netdev user,id=n -device virtio-net-device,netdev=n => no card of this line has that netdev
      -netdev bridge,id=n -device virtio-net-device,netdev=n -object filter-dump,id=d,netdev=n,file=F => --trace FILE.pcapng has the frames
      -nic user,id=n -object filter-dump,id=d,netdev=n => it names no file
      -nic user,id=n -object filter-dump,id=d,netdev=n,file=a,,b => --nic takes no file's name with a comma
      -nic user,id=n -object filter-dump,id=d,netdev=n,file=a -object filter-dump,id=e,netdev=n,file=b => netdev=n,file=b: a card's frames are written to one file
      -nic user,id=n -object filter-dump,id=d,netdev=n,file=a,status=off => nothing turns that on later
      -levitate 3 => missing: -levitate 3: this option isn't known here
      $MORE => missing: $MORE: what this stands for isn't known
      -drive file=d.vdi => missing: -drive file=d.vdi:
      -device virtio-blk-device,drive=x => there is no drive 'x' in this line
      """;
  private static final String OTHERWISE = """
      -smp 16 => a machine has 8 CPUs at most
      -virtfs local,path=/srv,mount_tag=t,security_model=mapped-xattr => what the guest makes is the host user's
      -cpu host => not the host's
      -S => QEMU's waits for its monitor
      -nic user,id=n -object filter-dump,id=d,netdev=n,file=a,maxlen=96 => -object filter-dump,id=d,netdev=n,file=a,maxlen=96: the file is pcapng, in the guest's time, and has each frame whole
      -nic user,model=e1000 => a virtio card: there is no e1000
      """;
  private static final String REFUSED = """
      qemu-system-riscv64 -M virt => other machines aren't modelled
      qemu-system-aarch64 -kernel K => no machine is named
      qemu-system-aarch64 -M raspi3b -kernel K => of Arm's machines there is virt
      qemu-system-aarch64 -M virt -cpu cortex-a15 -kernel K => 32-bit Arm
      qemu-system-aarch64 -M virt => nothing is named that runs
      qemu-system-x86_64 -hda d.img => no BIOS or UEFI firmware
      qemu-system-aarch64 -M virt,dumpdtb=a.dtb => topology export virt
      sudo => there is no program
      qemu-system-aarch64 -M virt -m => the argument of -m is missing
      qemu-system-aarch64 -M virt -smp none -kernel K => is no number of CPUs
      """;

  private interface Check {
    void check(String said, String expected);
  }

  private static void each(String table, Check check) {
    table.lines().forEach(line -> check.check(line.split(" => ")[0], line.split(" => ")[1]));
  }

  private static TranslatedLine of(String line) {
    return TranslatedLine.of(QemuLine.of(ShellWords.split(line)), PublicPagesTest.CPUS, PublicPagesTest.NETWORKS);
  }

  private static String words(TranslatedLine of) {
    return String.join(" ", of.words()).replaceFirst("^\\S+ ", "").replace("--kernel K", "").replace("--memory 128M", "").strip()
        .replaceAll(
            " +", " ");
  }

  @Test
  void optionsHaveCounterparts() {
    each(COUNTERPARTS, (said, expected) -> {
      TranslatedLine translated = of(ARM + said);
      assertEquals(expected, words(translated), said);
      assertTrue(translated.whole(), () -> said + ": " + translated.comments());
    });
    assertEquals("--append console=ttyS0 --debug-exit=0xf4", words(of(
        "qemu-system-x86_64 -M microvm -kernel K -device isa-debug-exit,iobase=0xf4,iosize=0x04")));
    assertEquals("--firmware u-boot.bin", words(of("qemu-system-aarch64 -M virt -bios u-boot.bin")));
  }

  @Test
  void whatIsMissingIsSaidWithTheReason() {
    each(MISSING, (said, expected) -> {
      TranslatedLine translated = of(ARM + said);
      assertFalse(translated.whole(), said);
      assertTrue(translated.comments().stream().anyMatch(each -> each.contains(expected)), () -> expected + " in " + translated.comments());
    });
  }

  @Test
  void whatIsOtherwiseIsSaid() {
    each(OTHERWISE, (said, expected) -> {
      TranslatedLine translated = of(ARM + said);
      assertTrue(translated.whole(), said);
      assertTrue(translated.comments().stream().anyMatch(each -> each.startsWith("otherwise: ") && each.contains(expected)),
          () -> expected + " in " + translated.comments());
    });
    assertTrue(of("qemu-system-x86_64 -M q35 -kernel K -append root=/dev/sda1 -hda d.img").words().contains(
        "root=/dev/vda1 console=ttyS0"));
  }

  @Test
  void aNetworkThatNobodyBringsIsMissingAndTheCardIsThere() {
    TranslatedLine translated = TranslatedLine.of(QemuLine.of(ShellWords.split(ARM
        + "-netdev user,id=n -device virtio-net-device,netdev=n")),
        PublicPagesTest.CPUS, Set.of());
    assertFalse(translated.whole());
    assertTrue(translated.words().contains("--nic"), () -> translated.words().toString());
  }

  @Test
  void whatCantBeIsRefusedWithTheReason() {
    each(REFUSED, (line, expected) -> {
      BadInput refused = assertThrows(BadInput.class, () -> of(line), line);
      assertTrue(refused.getMessage().startsWith("from-qemu: ") && refused.getMessage().contains(expected), refused.getMessage());
    });
  }
}
