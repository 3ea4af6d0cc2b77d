// SPDX-License-Identifier: EPL-2.0
/**
 * What subsystems of the hypervisor implement and are given. The hypervisor is a node of the platform
 * ({@link org.xenolith.hyp.api.HypervisorNode}); each subsystem is a {@code DeviceModelFactory} with the property
 * {@code xenolith.subsystem}, its role, so that it is replaced, removed, saved and restored as hardware models are. Subsystems
 * meet at permanent ports, which {@code DeviceContext.port} gives at that node: each asks for the port of a role and never
 * holds another subsystem itself.
 *
 * <p>A subsystem attaches itself to ports, claims and listens while its factory's {@code create} works; a later version's
 * claims replace those of the earlier one (same key, same role). In {@code DeviceModel.removed} it takes back what it gave.
 * State of domains is declared in the model's {@code DeviceState} ({@code children} is made for that), keyed by
 * {@link org.xenolith.hyp.api.Domain#serial()}; after a hand-over or snapshot {@code restored()} drops what belongs to domains
 * that are gone and makes what is missing. Everything runs on the machine's thread.
 */
@NullMarked
package org.xenolith.hyp.api;

import org.jspecify.annotations.NullMarked;
