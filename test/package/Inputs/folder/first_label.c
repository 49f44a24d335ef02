/* Prints the name of a model's first class. */

#include "net.h"

#include <stdio.h>

int main(void) { return puts(net_model.labels[0]) < 0; }
