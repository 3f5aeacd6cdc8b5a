// Shows the boxes of the table, which show and hide the classes.
for (const cell of document.querySelectorAll('.filter')) cell.hidden = false;
for (const box of document.querySelectorAll('.filter input')) {
  const section = document.getElementById(box.value);
  const apply = () => {
    section.hidden = !box.checked;
  };
  box.addEventListener('change', apply);
  // A browser may have kept the box as it was before a reload.
  apply();
}
// A link to a class that is hidden shows it.
for (const link of document.querySelectorAll('th a')) {
  link.addEventListener('click', () => {
    const box = document.querySelector(`.filter input[value="${link.hash.slice(1)}"]`);
    if (!box.checked) box.click();
  });
}
