// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class, or one test, a machine: a parameter of type {@link GuestMachine}. Tests with equal annotations, of whatever class, share a boot: the first of them boots the machine, and
 * each has a fork of the state that it had then, so that none sees what another did. On a method it is in the place of the class's.
 */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(MachineExtension.class)
public @interface Machine {
  /** The board: a name, as {@code boot} has it, or a file of a device tree or topology. */
  String board() default "virt";

  /** The guest by name; empty for what {@code boot} takes, or for a kernel that {@link #options} name. */
  String guest() default "";

  /** Options of {@code boot}, as {@code NAME=VALUE} or {@code NAME}: {@code memory=256M}, {@code hypervisor}. */
  String[] options() default {};

  /**
   * A regular expression: the machine is booted when a line of its console, as it grows, matches. Empty for the prompt of Debian's shell if the guest is a {@code debian}, and for other guests for the
   * state at power-on.
   */
  String until() default "";

  /** Virtual seconds that the boot may take. */
  double limit() default 60;

  /** A folder that {@code boot --save} or {@link GuestMachine#save} wrote: the machine goes on from there, in the place of a boot. Board and guest are the snapshot's then. */
  String snapshot() default "";

  /** What is done once in the booted machine, before tests have forks of it: a login, what is installed. */
  Class<? extends BootSteps> prepare() default BootSteps.None.class;
}
