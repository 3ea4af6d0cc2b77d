/** Puts machines together and starts them. */
package org.xenolith.launch;
