// The reception takes over the address of this page: goes there as soon as it answers.
(function () {
  "use strict";
  function later() {
    setTimeout(ask, 1000);
  }
  function ask() {
    fetch("/healthz", { cache: "no-store" }).then(function (answer) {
      if (answer.ok) {
        location.replace("/sign-in");
      } else {
        later();
      }
    }, later);
  }
  later();
})();
