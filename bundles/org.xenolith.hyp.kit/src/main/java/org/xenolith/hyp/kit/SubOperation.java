// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FramedOperation;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.xen.abi.AbiStruct;

/**
 * One sub-operation of a hypercall, declared: its number and name, the structure of its argument, who may ask for it, and who does it.
 * {@link SubOperations} does what all have in common. What isn't said by a method is: anybody may, it concerns the caller itself, and
 * nothing is copied back.
 *
 * @param <S> the view of the structure
 */
public final class SubOperation<S extends AbiStruct> implements FramedOperation {
  /** Does what a sub-operation is for. */
  @FunctionalInterface
  public interface Handler<S> {
    /**
     * Serves a call.
     *
     * @param argument what was copied from the caller; what is written here is copied back if the declaration says so
     * @param target whom it concerns
     * @return 0 or more, or a negative errno
     */
    long serve(Hypercall call, S argument, Domain target);
  }

  private final int number;
  private final String name;
  private final S argument;
  private final Handler<S> handler;
  private ToIntFunction<Hypercall> before;
  private ToIntFunction<S> domid;
  private Privilege privilege;
  private boolean inItsTurn;
  private boolean read;
  private int answerFrom;
  private int answerBytes;
  private boolean always;

  private SubOperation(int number, String name, @Nullable S argument, Handler<S> handler) {
    this.number = number;
    this.name = name;
    this.argument = argument;
    this.handler = handler;
    read = argument != null;
  }

  /**
   * Declares one.
   *
   * @param number as the public header has it
   * @param name as the public header has it, without the prefix that all have
   * @param argument a view of the structure, for this declaration alone
   */
  public static <S extends AbiStruct> SubOperation<S> of(int number, String name, S argument, Handler<S> handler) {
    return new SubOperation<>(number, name, argument, handler);
  }

  /** Declares one without a structure, or whose argument the handler copies itself. */
  public static SubOperation<?> of(int number, String name, HypercallHandler handler) {
    return new SubOperation<AbiStruct>(number, name, null, (call, none, caller) -> handler.call(call));
  }

  /** Declares one without a structure that concerns a domain which a frame names. */
  public static SubOperation<?> of(int number, String name, Handler<AbiStruct> handler) {
    return new SubOperation<AbiStruct>(number, name, null, handler);
  }

  /** Something is asked before the argument is looked at. @param question answers 0, or a negative errno that ends the call */
  public SubOperation<S> unless(ToIntFunction<Hypercall> question) {
    before = question;
    return this;
  }

  /** It concerns the domain that the argument names, which may be by DOMID_SELF. */
  public SubOperation<S> target(ToIntFunction<S> named) {
    domid = named;
    return this;
  }

  /** The caller must have a privilege towards the domain that it concerns. */
  public SubOperation<S> needs(Privilege needed) {
    privilege = needed;
    return this;
  }

  /** Other things come before the privilege, as in Xen: the handler asks for it. */
  public SubOperation<S> inItsTurn() {
    inItsTurn = true;
    return this;
  }

  /** The handler copies the argument by {@link SubOperations#take}: one that can't be read isn't an error to it. */
  public SubOperation<S> takesItself() {
    read = false;
    return this;
  }

  /** The structure is copied back when the answer is no error. */
  public SubOperation<S> answers() {
    return answers(0, argument.sizeOf());
  }

  /** So many bytes of the structure from an offset on are copied back when the answer is no error. */
  public SubOperation<S> answers(int from, int bytes) {
    answerFrom = from;
    answerBytes = bytes;
    return this;
  }

  /** What is copied back is so when the answer is an error, too. */
  public SubOperation<S> always() {
    always = true;
    return this;
  }

  /** The structure is only an answer: it is not read. */
  public SubOperation<S> gives() {
    read = false;
    return answers();
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public S argument() {
    return argument;
  }

  @Override
  public Privilege privilege() {
    return privilege == null ? Privilege.ANY : privilege;
  }

  /** Whether the privilege comes after other things, see {@link #inItsTurn()}. */
  public boolean privilegeInItsTurn() {
    return inItsTurn;
  }

  @Override
  public int answerFrom() {
    return answerFrom;
  }

  @Override
  public int answerBytes() {
    return answerBytes;
  }

  @Override
  public boolean answersAt(long result) {
    return answerBytes != 0 && (result >= 0 || always);
  }

  @Override
  public long serve(Hypercall call, Domain target) {
    return handler.serve(call, argument, target);
  }

  /** What is asked before the argument: 0 or a negative errno. */
  int before(Hypercall call) {
    return before == null ? 0 : before.applyAsInt(call);
  }

  /** Whether the structure is copied from the caller before it is served. */
  public boolean reads() {
    return read;
  }

  /** Whether the argument names the domain that it concerns. */
  public boolean named() {
    return domid != null;
  }

  int domid() {
    return domid.applyAsInt(argument);
  }

  void privilegeUnlessSaid(Privilege usual) {
    if (privilege == null) {
      privilege = usual;
    }
  }
}
